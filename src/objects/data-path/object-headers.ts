import type { IncomingHttpHeaders } from 'node:http';
import { fullCrc32 } from './crc32-header.js';
import { queryString } from './endpoint.js';
import type { ObjectAttributes, ObjectHead, WriteCondition } from './object-store.js';

export const METADATA_PREFIX = 'x-amz-meta-';

/** Headers that an object is stored with. */
export function attributeHeaders(attributes: ObjectAttributes): Record<string, string> {
  const { contentType, metadata, kmsKey, storageClass, tags } = attributes;
  const headers: Record<string, string> = {};
  for (const name in metadata) headers[METADATA_PREFIX + name.toLowerCase()] = metadata[name]!;
  if (contentType !== undefined) headers['content-type'] = contentType;
  if (kmsKey !== undefined) {
    headers['x-amz-server-side-encryption'] = 'aws:kms';
    headers['x-amz-server-side-encryption-aws-kms-key-id'] = kmsKey;
  }
  if (storageClass !== undefined) headers['x-amz-storage-class'] = storageClass;
  const tagging = queryString(tags ?? {}).slice(1);
  if (tagging !== '') headers['x-amz-tagging'] = tagging;
  return headers;
}

export function conditionHeaders(condition: WriteCondition | undefined): Record<string, string> {
  if (condition === undefined) return {};
  return 'ifMatch' in condition
    ? { 'if-match': condition.ifMatch }
    : { 'if-none-match': condition.ifNoneMatch };
}

export function readHead(headers: IncomingHttpHeaders): ObjectHead {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(METADATA_PREFIX));
  return {
    size: Number(headers['content-length']),
    etag: headers.etag,
    crc32: fullCrc32(headers),
    contentType: headers['content-type'],
    metadata: Object.fromEntries(
      metadata.map(([name, value]) => [name.slice(METADATA_PREFIX.length), String(value)]),
    ),
  };
}

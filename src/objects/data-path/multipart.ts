import { UploadNotFound } from '../write-errors.js';
import { AttemptFailed } from '../download/attempt-failed.js';
import { checkEcho, decodeCrc32, encodeCrc32, fullCrc32 } from './crc32-header.js';
import { attributeHeaders, conditionHeaders } from './object-headers.js';
import type { ObjectStore, PendingUpload, StoredPart, UploadRef } from './object-store.js';
import { readDocument, refusedBy } from './refusal.js';
import type { Requests } from './requests.js';
import { nameOf, type StoreRequest } from './store-request.js';
import { elementsOf, escapeXml, textOf } from './xml.js';

/** S3 takes minutes to put together thousands of parts, and sends spaces meanwhile. */
const COMPLETE_TIMEOUT_MS = 5 * 60_000;

type Multipart = Pick<
  ObjectStore,
  'createUpload' | 'uploadPart' | 'completeUpload' | 'abortUpload' | 'listParts' | 'listUploads'
>;

/** Uploads in parts; the object is held against the CRC-32 of the whole, which the store forms from those of the parts. */
export function createMultipart(requests: Requests): Multipart {
  const ask = (request: StoreRequest, signal: AbortSignal | undefined): Promise<string> =>
    requests.send(
      request,
      async (response, clock) => (await readDocument(response, clock)).toString('utf8'),
      signal,
    );
  return {
    createUpload: (object, attributes, signal) =>
      requests.send(
        {
          action: 'begin an upload of',
          method: 'POST',
          ...object,
          query: { uploads: '' },
          headers: {
            ...attributeHeaders(attributes),
            'x-amz-checksum-algorithm': 'CRC32',
            'x-amz-checksum-type': 'FULL_OBJECT',
          },
        },
        async (response, clock) => {
          const document = (await readDocument(response, clock)).toString('utf8');
          const isComposite = response.headers['x-amz-checksum-type'] === 'COMPOSITE';
          return {
            uploadId: required(textOf(document, 'UploadId'), 'UploadId'),
            checksumType: isComposite ? 'COMPOSITE' : 'FULL_OBJECT',
          };
        },
        signal,
      ),
    uploadPart: ({ uploadId, ...object }, partNumber, bytes, crc32, signal) =>
      requests.send(
        {
          action: `write part ${partNumber} of`,
          method: 'PUT',
          ...object,
          query: { partNumber: String(partNumber), uploadId },
          headers: { 'x-amz-checksum-crc32': encodeCrc32(crc32) },
          body: { bytes },
        },
        async (response, clock) => {
          await readDocument(response, clock);
          checkEcho(fullCrc32(response.headers), crc32, 'a part');
          const etag = required(response.headers.etag, 'ETag');
          const size = Buffer.isBuffer(bytes)
            ? bytes.length
            : bytes.reduce((sum, { length }) => sum + length, 0);
          return { partNumber, etag, size, crc32 };
        },
        signal,
      ),
    completeUpload: (upload, parts, options, signal) => complete(requests, upload, parts, options, signal),
    async abortUpload({ uploadId, ...object }, signal) {
      try {
        await ask({ action: 'abort an upload of', method: 'DELETE', ...object, query: { uploadId } }, signal);
      } catch (error) {
        if (!(error instanceof UploadNotFound)) throw error;
      }
    },
    async listParts({ uploadId, ...object }, signal) {
      const parts: StoredPart[] = [];
      for (let marker: string | undefined = ''; marker !== undefined;) {
        const query = { uploadId, ...(marker !== '' && { 'part-number-marker': marker }) };
        const document: string = await ask(
          { action: 'list the parts of', method: 'GET', ...object, query },
          signal,
        );
        for (const part of elementsOf(document, 'Part')) parts.push(readPart(part));
        marker = nextMarker(document, 'NextPartNumberMarker');
      }
      return parts;
    },
    async *listUploads(bucket, prefix, signal) {
      let query: Record<string, string> | undefined = { uploads: '', prefix };
      while (query !== undefined) {
        const document: string = await ask(
          { action: 'list the uploads of', method: 'GET', bucket, query },
          signal,
        );
        for (const upload of elementsOf(document, 'Upload')) yield readUpload(bucket, upload);
        const key = nextMarker(document, 'NextKeyMarker');
        const id = nextMarker(document, 'NextUploadIdMarker');
        query =
          key === undefined
            ? undefined
            : { uploads: '', prefix, 'key-marker': key, ...(id !== undefined && { 'upload-id-marker': id }) };
      }
    },
  };
}

async function complete(
  requests: Requests,
  upload: UploadRef,
  parts: readonly StoredPart[],
  { crc32, checksumType, size, condition }: Parameters<ObjectStore['completeUpload']>[2],
  signal: AbortSignal | undefined,
): Promise<{ etag: string | undefined }> {
  const { uploadId, ...object } = upload;
  const request: StoreRequest = {
    action: 'complete',
    method: 'POST',
    ...object,
    query: { uploadId },
    headers: {
      'content-type': 'application/xml',
      ...(checksumType === 'FULL_OBJECT' && {
        'x-amz-checksum-crc32': encodeCrc32(crc32),
        'x-amz-checksum-type': checksumType,
      }),
      'x-amz-mp-object-size': String(size),
      ...conditionHeaders(condition),
    },
    body: { document: completionOf(parts) },
    answerTimeoutMs: COMPLETE_TIMEOUT_MS,
  };
  return requests.send(
    request,
    async (response, clock) => {
      const document = (await readDocument(response, clock)).toString('utf8');
      // S3 says 200 before it begins, and what came of it in the body.
      if (/<Error>/.test(document)) throw refusedBy(response, document, request).error;
      if (!/<CompleteMultipartUploadResult/.test(document)) {
        throw new AttemptFailed('cut', 'the store did not say whether the upload is complete');
      }
      const isComposite = textOf(document, 'ChecksumType') === 'COMPOSITE';
      checkEcho(
        isComposite ? undefined : decodeCrc32(textOf(document, 'ChecksumCRC32')),
        crc32,
        nameOf(request),
      );
      return { etag: textOf(document, 'ETag') };
    },
    signal,
  );
}

function completionOf(parts: readonly StoredPart[]): string {
  const items = parts.map(({ partNumber, etag, crc32 }) => {
    const checksum = crc32 === undefined ? '' : `<ChecksumCRC32>${encodeCrc32(crc32)}</ChecksumCRC32>`;
    return `<Part><ETag>${escapeXml(etag)}</ETag>${checksum}<PartNumber>${partNumber}</PartNumber></Part>`;
  });
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${items.join('')}</CompleteMultipartUpload>`;
}

function readPart(part: string): StoredPart {
  return {
    partNumber: Number(required(textOf(part, 'PartNumber'), 'PartNumber')),
    etag: required(textOf(part, 'ETag'), 'ETag'),
    size: Number(required(textOf(part, 'Size'), 'Size')),
    crc32: decodeCrc32(textOf(part, 'ChecksumCRC32')),
  };
}

function readUpload(bucket: string, upload: string): PendingUpload {
  return {
    bucket,
    key: required(textOf(upload, 'Key'), 'Key'),
    uploadId: required(textOf(upload, 'UploadId'), 'UploadId'),
    initiated: new Date(required(textOf(upload, 'Initiated'), 'Initiated')),
  };
}

function nextMarker(document: string, element: string): string | undefined {
  return textOf(document, 'IsTruncated') === 'true' ? textOf(document, element) : undefined;
}

function required(value: string | undefined, element: string): string {
  if (value === undefined) throw new AttemptFailed('cut', `the store answers without ${element}`);
  return value;
}

import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import { nameFault } from '../archive/entry-name.js';
import { decodeExportId, encodeExportId, type JobRef } from '../contract/job-ref.js';

/** Of S3, in UTF-8. */
const MOST_KEY_BYTES = 1_024;

export type ObjectKey = { key: string; refusal?: undefined } | { key?: undefined; refusal: KeyRefusal };

export interface KeyRefusal {
  reason: 'name_unsafe' | 'name_too_long';
  detail: string;
  stated?: number;
  found?: number;
}

/**
 * Where an entry goes: in the job's folder below the output prefix, by its name or where the metadata says. No job writes
 * into another's folder, whatever its metadata states.
 *
 * @param targetKey of the metadata, which is held to what a name is held to
 */
export function objectKey({ prefix }: S3Prefix, job: JobRef, name: string, targetKey?: string): ObjectKey {
  const fault = targetKey === undefined ? undefined : targetFault(targetKey);
  if (fault !== undefined) {
    return {
      refusal: { reason: 'name_unsafe', detail: `The target key of its metadata is refused: ${fault}.` },
    };
  }
  const path = `${job.source}/${encodeExportId(job.export_id)}/${targetKey ?? name}`;
  const key = prefix === '' ? path : `${prefix}/${path}`;
  const bytes = Buffer.byteLength(key);
  if (bytes <= MOST_KEY_BYTES) return { key };
  return {
    refusal: {
      reason: 'name_too_long',
      detail: `Its key would have ${bytes} bytes; ${MOST_KEY_BYTES} are the most.`,
      stated: MOST_KEY_BYTES,
      found: bytes,
    },
  };
}

/** The job in whose folder an object is; undefined where its key is like none of ours. */
export function jobOfObject({ prefix }: S3Prefix, key: string): JobRef | undefined {
  const path = prefix === '' ? key : key.slice(prefix.length + 1);
  const [, source, encoded] = /^([a-z0-9-]{1,32})\/([^/]+)\/./.exec(path) ?? [];
  if (source === undefined || encoded === undefined) return undefined;
  try {
    const exportId = decodeExportId(encoded);
    return encodeExportId(exportId) === encoded ? { source, export_id: exportId } : undefined;
  } catch {
    return undefined;
  }
}

function targetFault(targetKey: string): string | undefined {
  // No name of an entry has one, which was read as UTF-8.
  if (/\p{Cs}/u.test(targetKey)) return 'it has half a surrogate pair';
  return nameFault(targetKey) ?? (targetKey.endsWith('/') ? 'it ends in a slash' : undefined);
}

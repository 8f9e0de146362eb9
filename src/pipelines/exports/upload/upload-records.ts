import type { ChecksumType } from '../../../objects/data-path/object-store.js';
import type { ObjectFolder } from '../../../objects/object-folder.js';
import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import type { JobRef } from '../contract/job-ref.js';
import { jobKeys } from '../state/keys.js';
import { partBytesOf } from './upload-options.js';
import type { EntryToUpload } from './uploader.js';

/** What is remembered of an upload in parts while it lasts: `uploads/<ordinal>-<n>.json`. The parts themselves are S3's to list. */
export interface UploadRecord {
  version: 1;
  upload_id: string;
  key: string;
  size: number;
  crc32: number;
  part_size: number;
  /** Of the archive. */
  etag: string;
  /** What the store will hold the whole against. */
  checksum_type: ChecksumType;
}

/** Whether a record's upload is of the same bytes, in the same parts. */
export function isResumable(record: UploadRecord, entry: EntryToUpload): boolean {
  return (
    record.key === entry.key &&
    record.size === entry.size &&
    record.crc32 === entry.crc32 &&
    record.part_size === partBytesOf(entry.size) &&
    record.etag === entry.archiveTag
  );
}

export interface UploadRecords {
  of(entry: EntryToUpload, signal?: AbortSignal): Promise<UploadRecord | undefined>;
  write(
    entry: EntryToUpload,
    upload: { uploadId: string; checksumType: ChecksumType },
    signal?: AbortSignal,
  ): Promise<void>;
  remove(entry: EntryToUpload, signal?: AbortSignal): Promise<void>;
  /** All records of a job, with their keys. */
  ofJob(job: JobRef, signal?: AbortSignal): AsyncIterable<{ recordKey: string; record: UploadRecord }>;
  removeKey(recordKey: string, signal?: AbortSignal): Promise<void>;
}

export function createUploadRecords(objects: ObjectFolder, prefix: S3Prefix): UploadRecords {
  const keyOf = ({ job, ordinal, n }: EntryToUpload): string => jobKeys(prefix, job).upload(ordinal, n);
  const read = async (key: string, signal?: AbortSignal): Promise<UploadRecord | undefined> => {
    const text = await objects.read(key, signal);
    return text === undefined ? undefined : (JSON.parse(text) as UploadRecord);
  };
  return {
    of: (entry, signal) => read(keyOf(entry), signal),
    write: async (entry, { uploadId, checksumType }, signal) => {
      const record: UploadRecord = {
        version: 1,
        upload_id: uploadId,
        key: entry.key,
        size: entry.size,
        crc32: entry.crc32,
        part_size: partBytesOf(entry.size),
        etag: entry.archiveTag,
        checksum_type: checksumType,
      };
      await objects.write(keyOf(entry), JSON.stringify(record), signal);
    },
    remove: (entry, signal) => objects.delete(keyOf(entry), signal),
    async *ofJob(job, signal) {
      for await (const recordKey of objects.keys(jobKeys(prefix, job).uploadsFolder, undefined, signal)) {
        const record = await read(recordKey, signal);
        if (record !== undefined) yield { recordKey, record };
      }
    },
    removeKey: (recordKey, signal) => objects.delete(recordKey, signal),
  };
}

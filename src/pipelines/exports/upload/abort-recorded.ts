import type { ObjectStore } from '../../../objects/data-path/object-store.js';
import type { JobRef } from '../contract/job-ref.js';
import type { OutputOptions } from './upload-options.js';
import type { UploadRecords } from './upload-records.js';

/**
 * Aborts the uploads that a job's records name, and removes the records.
 *
 * @param only ids of the uploads that are meant; all without it
 * @returns their ids
 */
export async function abortRecorded(
  { store, records, output }: { store: ObjectStore; records: UploadRecords; output: OutputOptions },
  job: JobRef,
  only?: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const aborted = new Set<string>();
  for await (const { recordKey, record } of records.ofJob(job, signal)) {
    if (only?.has(record.upload_id) === false) continue;
    const upload = { bucket: output.bucket, key: record.key, uploadId: record.upload_id };
    await store.abortUpload(upload, signal);
    await records.removeKey(recordKey, signal);
    aborted.add(record.upload_id);
  }
  return aborted;
}

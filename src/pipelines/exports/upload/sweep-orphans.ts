import type { ObjectStore } from '../../../objects/data-path/object-store.js';
import type { ObjectFolder } from '../../../objects/object-folder.js';
import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import type { JobRef } from '../contract/job-ref.js';
import { jobKeys } from '../state/keys.js';
import { jobOfObject } from '../work/object-key.js';
import { abortRecorded } from './abort-recorded.js';
import type { OutputOptions } from './upload-options.js';
import type { UploadRecords } from './upload-records.js';

/** An upload of a job that nobody runs is left this long for whoever starts the job's next attempt. */
const ORPHAN_AGE_MS = 24 * 3_600_000;

export interface OrphanSweep {
  store: ObjectStore;
  records: UploadRecords;
  output: OutputOptions;
  objects: ObjectFolder;
  statePrefix: S3Prefix;
  /** Whether a workflow of the job runs; asked before anything of it is aborted. */
  isRunning: (job: JobRef, signal?: AbortSignal) => Promise<boolean>;
  now?: () => number;
}

/**
 * Aborts uploads of jobs that no workflow runs any more, older than a day. The key says whose an upload is: a process may
 * have died before it could write a record. Only what lies in the folder of a job that we know is touched: the bucket
 * may be others' as well.
 *
 * @returns uploads aborted
 */
export async function sweepOrphans(sweep: OrphanSweep, signal?: AbortSignal): Promise<number> {
  const { store, output, isRunning } = sweep;
  let aborted = 0;
  for (const { job, uploads } of await oldUploads(sweep, signal)) {
    if (!(await isKnown(sweep, job, signal)) || (await isRunning(job, signal))) continue;
    const ids = new Set(uploads.map(({ uploadId }) => uploadId));
    const recorded = await abortRecorded(sweep, job, ids, signal);
    aborted += recorded.size;
    for (const { key, uploadId } of uploads) {
      if (recorded.has(uploadId)) continue;
      await store.abortUpload({ bucket: output.bucket, key, uploadId }, signal);
      aborted++;
    }
  }
  return aborted;
}

interface JobUploads {
  job: JobRef;
  uploads: { key: string; uploadId: string }[];
}

/** Uploads below the output prefix that began more than a day ago, by the job in whose folder they are. */
async function oldUploads(
  { store, output, now = Date.now }: OrphanSweep,
  signal: AbortSignal | undefined,
): Promise<JobUploads[]> {
  const jobs = new Map<string, JobUploads>();
  for await (const { key, uploadId, initiated } of store.listUploads(output.bucket, output.prefix, signal)) {
    if (now() - initiated.getTime() <= ORPHAN_AGE_MS) continue;
    const job = jobOfObject(output, key);
    if (job === undefined) continue;
    const id = JSON.stringify(job);
    const of = jobs.get(id) ?? { job, uploads: [] };
    of.uploads.push({ key, uploadId });
    jobs.set(id, of);
  }
  return [...jobs.values()];
}

/** Whether we have ever worked on the job: what looks like its folder may be somebody else's. */
async function isKnown(
  { objects, statePrefix }: OrphanSweep,
  job: JobRef,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for await (const _ of objects.keys(jobKeys(statePrefix, job).folder, undefined, signal)) return true;
  return false;
}

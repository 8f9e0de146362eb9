import { contentOfBuffer } from '../../export-api/content.js';
import { zipContent } from '../../export-api/zip/zip-content.js';
import { badArchives } from '../../exports/kinds/bad-archives.js';
import { metadataTrouble } from '../../exports/kinds/metadata-trouble.js';
import { reports, singles } from '../../exports/kinds/small-files.js';
import { jobsWithoutFiles } from '../../exports/kinds/without-files.js';
import { entry, file, job, type SeededJob } from '../../exports/seeded-job.js';

const KB = 1024;
const MB = 1024 * KB;

/** Names of the jobs that the demo has a part in. */
export const LARGE_JOB = 'large';
export const CANCELLED_JOB = 'cancelled-by-hand';
export const RETRIED_JOB = 'retried';
export const DEAD_JOB = 'dead-letter';
const SHARED_ID = 'same-id';

export interface PlanOptions {
  /** Files of the job of small files. */
  smallFiles: number;
}

/** Thirty jobs, and what must become of each. */
export function planExports({ smallFiles }: PlanOptions): SeededJob[] {
  return [...plainJobs(), ...apiTrouble(smallFiles), ...badArchives(), ...metadataTrouble(), ...endings()];
}

function plainJobs(): SeededJob[] {
  return [
    job('plain', 'id with / and % and ü', [reports('one')]),
    job('plain', SHARED_ID, [reports('first')]),
    job('second_source', SHARED_ID, [reports('second')], { ref: { source: 'second', export_id: SHARED_ID } }),
    job('delivered_twice', 'delivered-twice', [reports('one'), reports('two')], { isSentTwice: true }),
    // The worker that has it is killed in the middle: 24 MB in parts, at a pace that leaves time for it.
    job(
      'large',
      LARGE_JOB,
      [file('large', [entry('video.bin', 24 * MB, { method: 'store' }), entry('readme.txt', 300)])],
      { faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: 6 * MB } }] },
    ),
  ];
}

function apiTrouble(smallFiles: number): SeededJob[] {
  return [
    job('small_files', 'thousand', singles(smallFiles, 600), { api: { pageSize: 250 } }),
    job('several_pages', 'pages', singles(25, 4 * KB), { api: { pageSize: 10, emptyPages: [1] } }),
    job('listed_twice', 'twice', [...singles(6, KB), ...singles(2, KB)], { api: { pageSize: 4 } }),
    job('not_ready', 'slow-to-come', [reports('one')], { api: { readyAfterPolls: 2, pollAfterSeconds: 1 } }),
    job('rate_limited', 'throttled', [reports('one')], {
      faults: [
        { on: 'status', times: 2, fault: { status: 429, retryAfterSeconds: 1 } },
        { on: 'files', times: 1, fault: { status: 429, retryAfterSeconds: 1, retryAfterAsDate: true } },
        { on: 'file', times: 1, fault: { status: 503, retryAfterSeconds: 1 } },
      ],
    }),
    job('link_expires', 'expiring', [reports('one', 6, 200 * KB)], {
      faults: [
        { on: 'download', times: 1, fault: { status: 403, code: 'link_expired' } },
        { on: 'download', times: 1, afterBytes: 60 * KB, fault: { status: 410, code: 'link_expired' } },
      ],
    }),
    job('cut', 'cut-off', [reports('one', 6, 200 * KB)], {
      faults: [{ on: 'download', skip: 1, times: 2, fault: { cutAfterBytes: 20 * KB } }],
    }),
    job('no_ranges', 'no-ranges', [{ ...reports('one'), ranges: 'none' }]),
  ];
}

function endings(): SeededJob[] {
  const torn = [entry('late.txt', 20 * KB)];
  return [
    ...jobsWithoutFiles(),
    job('dead_letter', DEAD_JOB, [{ ...reports('one'), expected: ['dead_letter'] }], {
      state: 'failed',
      dies: true,
    }),
    job(
      'cancelled',
      CANCELLED_JOB,
      ['one', 'two', 'three', 'four', 'five', 'six'].map((id) => reports(id, 3, 400 * KB)),
      {
        state: 'cancelled',
        faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: 20 * KB } }],
      },
    ),
    job('retried', RETRIED_JOB, [reports('good'), { ...file('late', torn), servedAtFirst: cutShort(torn) }], {
      attempt: 2,
    }),
  ];
}

function cutShort(entries: Parameters<typeof zipContent>[0]): ReturnType<typeof contentOfBuffer> {
  const content = zipContent(entries, { cut: 40 });
  return contentOfBuffer(Buffer.concat([...content.read(0, content.size)]));
}

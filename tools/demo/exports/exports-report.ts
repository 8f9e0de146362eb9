import type { Counts } from '../../export-api/request-log.js';
import type { ExportsWorld } from '../../exports/read-world.js';
import type { SeededJob } from '../../exports/seeded-job.js';

/** What `--json` writes; names are the contract's. */
export interface ExportsSummary {
  jobs: number;
  states: Record<string, number>;
  objects: number;
  bytes_uploaded: number;
  entries_rejected: Record<string, number>;
  files_failed: Record<string, number>;
  rows_missing: number;
  dead_letters: { jobs: number; tasks: number };
  /** From the command to the last check. */
  wall_seconds: number;
  /** From the first message to the last result. */
  run_seconds: number;
  objects_per_second: number;
  megabytes_per_second: number;
  api_requests: Counts['requests'];
  bytes_downloaded: number;
  endpoints: Record<string, string>;
  /** What did not end as the API and the table say; empty when all did. */
  differences: string[];
}

const BYTES_PER_MB = 1024 * 1024;

export interface Measured {
  counts: readonly Counts[];
  wallSeconds: number;
  runSeconds: number;
  endpoints: Record<string, string>;
  differences: string[];
}

export function summarize(
  jobs: readonly SeededJob[],
  world: ExportsWorld,
  measured: Measured,
): ExportsSummary {
  const found = jobs.map(({ ref }) => world.jobOf(ref));
  const rejects = found.flatMap((one) => one.rejects);
  const bytes = [...world.objects.values()].reduce((sum, { size }) => sum + size, 0);
  const requests = { ...measured.counts[0]!.requests };
  for (const { requests: more } of measured.counts.slice(1))
    for (const [kind, count] of Object.entries(more)) requests[kind as keyof typeof requests] += count;
  return {
    jobs: jobs.length,
    states: count(found.map(({ result }) => result?.state ?? 'open')),
    objects: world.objects.size,
    bytes_uploaded: bytes,
    entries_rejected: count(rejects.filter(({ entry }) => entry !== null).map(({ reason }) => reason)),
    files_failed: count(rejects.filter(({ entry }) => entry === null).map(({ reason }) => reason)),
    rows_missing: found.reduce((sum, { missing }) => sum + missing.length, 0),
    dead_letters: { jobs: world.deadLetters.jobs.length, tasks: world.deadLetters.tasks.length },
    wall_seconds: rounded(measured.wallSeconds),
    run_seconds: rounded(measured.runSeconds),
    objects_per_second: rounded(world.objects.size / measured.runSeconds),
    megabytes_per_second: rounded(bytes / BYTES_PER_MB / measured.runSeconds),
    api_requests: requests,
    bytes_downloaded: measured.counts.reduce((sum, { downloadedBytes }) => sum + downloadedBytes, 0),
    endpoints: measured.endpoints,
    differences: measured.differences,
  };
}

export function describeExports(summary: ExportsSummary): string[] {
  const { differences } = summary;
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, number]) => `${number} ${name}`)
      .join(', ') || 'none';
  const megabytes = rounded(summary.bytes_uploaded / BYTES_PER_MB);
  return [
    '',
    `${summary.jobs} jobs: ${list(summary.states)}`,
    `  objects in S3      ${summary.objects}, ${megabytes} MB`,
    `  entries refused    ${list(summary.entries_rejected)}`,
    `  files failed       ${list(summary.files_failed)}`,
    `  rows without entry ${summary.rows_missing}`,
    `  dead letters       ${summary.dead_letters.jobs} of jobs, ${summary.dead_letters.tasks} of tasks`,
    `  calls of the API   ${list(summary.api_requests)}`,
    `  ${summary.run_seconds} s from the first message to the last result: ${summary.objects_per_second} objects, ${summary.megabytes_per_second} MB a second`,
    '',
    ...Object.entries(summary.endpoints).map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
    '',
    ...(differences.length === 0
      ? [
          'The ledger is clean: bucket, manifests, results and queues are what the API served and the table says.',
        ]
      : [
          `The ledger has ${differences.length} differences:`,
          ...differences.slice(0, 50).map((line) => `  ${line}`),
        ]),
  ];
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

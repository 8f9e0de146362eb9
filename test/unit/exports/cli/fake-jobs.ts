import type { ExportsClients } from '../../../../src/pipelines/exports/cli/context.js';
import type { JobAccess } from '../../../../src/pipelines/exports/cli/open-jobs.js';
import type { ExportResult } from '../../../../src/pipelines/exports/contract/result.js';
import { createExports } from '../../../../src/pipelines/exports/pipeline.js';
import { jobKeys } from '../../../../src/pipelines/exports/state/keys.js';
import { cli, type CliRun, type FakeParts } from '../../shared/cli/fake-context.js';

const PREFIX = { bucket: 'bucket', prefix: 'state' };
const JOB = { source: 'default', export_id: '4711' };

export function aResult(changes: Partial<ExportResult> = {}): ExportResult {
  return {
    version: 1,
    ...JOB,
    attempt: 1,
    correlation_id: 'c-1',
    state: 'partial',
    started_at: '2025-12-20T13:44:00.000Z',
    finished_at: '2025-12-20T13:45:00.000Z',
    files: { listed: 2, settled: 1, failed: 1 },
    entries: { seen: 3, matched: 2, uploaded: 2, skipped_equal: 0, rejected: 1, missing: 0 },
    bytes: { zip_total: 100, downloaded: 90, inflated: 200, uploaded: 200 },
    rejected_by_reason: { no_metadata: 1 },
    durations: { total: 60, download: 1, inflate: 1, upload: 1 },
    manifest_key: 'm',
    rejects_key: 'r',
    missing_key: 'x',
    ...changes,
  };
}

/** What S3 keeps of the one job: its result, and lists by key. */
export interface Kept {
  result?: ExportResult;
  lines?: Record<string, readonly object[]>;
}

export const keys = jobKeys(PREFIX, JOB);

function access({ result, lines = {} }: Kept): JobAccess {
  return {
    state: {
      of: () => ({ keys, result: () => Promise.resolve(result) }),
      objects: {
        exists: (key: string) => Promise.resolve(key === keys.result() && result !== undefined),
        async *lines(key: string) {
          for (const line of lines[key] ?? []) yield Promise.resolve(JSON.stringify(line));
        },
      },
    },
    s3: undefined,
    output: { bucket: 'bucket', prefix: 'objects' },
    close: () => undefined,
  } as unknown as JobAccess;
}

/** Runs `vachan exports …` against fakes. */
export function exportsCli(
  args: readonly string[],
  parts: FakeParts & { kept?: Kept; connectTemporal?: ExportsClients['connectTemporal'] } = {},
): Promise<CliRun> {
  const { kept = {}, connectTemporal = () => Promise.reject(new Error('no Temporal here')), ...rest } = parts;
  const exports = createExports({ connectTemporal, openJobs: () => Promise.resolve(access(kept)) });
  return cli(['exports', ...args], { ...rest, others: [exports] });
}

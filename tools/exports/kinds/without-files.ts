import { job, type SeededJob } from '../seeded-job.js';

/** Exports that have nothing, or that never come. */
export function jobsWithoutFiles(): SeededJob[] {
  return [
    job('empty', 'empty', []),
    job('unknown', 'nobody-knows', [], { api: undefined, state: 'failed', reason: 'export_unknown' }),
    job('failed_export', 'failed', [], {
      api: { state: 'failed', error: { code: 'query_failed', message: 'The query ran out of memory.' } },
      state: 'failed',
      reason: 'export_failed',
    }),
  ];
}

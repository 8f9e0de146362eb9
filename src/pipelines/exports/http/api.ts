import type { Api } from '../../../platform/http/api.js';
import { readCursor, writeCursor } from '../../../platform/http/cursor.js';
import type { TemporalAccess } from '../../pipeline.js';
import { describeJob, type JobDescription } from '../jobs/describe-job.js';
import { listJobs } from '../jobs/list-jobs.js';
import type { ExportState } from '../state/job-state.js';
import {
  COMPONENTS,
  jobListQuerySchema,
  jobParamsSchema,
  type JobList,
  type JobListQuery,
  type JobParams,
} from './schemas.js';

/** What a worker answers over HTTP of exports; it changes nothing. */
export function exportsApi(state: Pick<ExportState, 'of'>, temporal: () => TemporalAccess): Api {
  return {
    components: COMPONENTS,
    operations: [
      {
        path: '/exports',
        operationId: 'listExports',
        summary: 'Export jobs, the latest first.',
        description: "Jobs as Temporal remembers them: for the namespace's retention after their end.",
        answer: 'ExportList',
        query: jobListQuerySchema,
        problems: { '400': 'The query is not understood.' },
        ask: async ({ cursor, limit, ...filter }: JobListQuery): Promise<JobList> => {
          const { state: wanted, source, since } = filter;
          const list = JSON.stringify(filter);
          const page = await listJobs(
            temporal().client,
            { state: wanted, source, sinceMs: since === undefined ? undefined : Date.parse(since) },
            limit,
            cursor === undefined ? undefined : readCursor(list, cursor),
          );
          return {
            exports: page.jobs,
            next_cursor: page.nextPageToken === undefined ? null : writeCursor(list, page.nextPageToken),
          };
        },
      },
      {
        path: '/exports/{source}/{id}',
        operationId: 'getExport',
        summary: 'An export job.',
        description: 'How far it is, or what became of it: counts of its files, entries and bytes.',
        answer: 'ExportJob',
        params: jobParamsSchema,
        problems: { '400': 'No source or no export id.', '404': 'There is no job of this export.' },
        ask: ({ source, id }: JobParams): Promise<JobDescription> =>
          describeJob(temporal().runs, state, { source, export_id: id }),
      },
    ],
  };
}

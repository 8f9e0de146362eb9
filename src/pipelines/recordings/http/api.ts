import type { Api } from '../../../platform/http/api.js';
import type { ApiSources } from './api-sources.js';
import { COMPONENTS, runListQuerySchema, runParamsSchema, type RunListQuery } from './schemas.js';

/** @param sources asked only once the process is connected */
export function recordingsApi(sources: () => ApiSources): Api {
  return {
    components: COMPONENTS,
    operations: [
      {
        path: '/runs',
        operationId: 'listRuns',
        summary: 'Runs, the latest first',
        description:
          "What Temporal's visibility knows: dates and queues, not counts. A run that continues as new is one run.",
        answer: 'RunList',
        query: runListQuerySchema,
        problems: { '400': 'A parameter is wrong; the detail names it.' },
        ask: (query: RunListQuery) => sources().listRuns(query),
      },
      {
        path: '/runs/{test_date}',
        operationId: 'getRun',
        summary: "A date's latest run, with its counts",
        description: "The date's discovery under this worker's source collection, under way or ended.",
        answer: 'Run',
        params: runParamsSchema,
        problems: { '400': 'Not a valid date (YYYY-MM-DD).', '404': 'The date has no run.' },
        ask: ({ test_date: testDate }: { test_date: string }) => sources().run(testDate),
      },
      {
        path: '/queue/status',
        operationId: 'getQueueStatus',
        summary: 'What waits in the queue',
        description:
          "SQS's counts of this worker's queue and its dead-letter messages, and who is there to work on them.",
        answer: 'QueueStatus',
        problems: {},
        ask: () => sources().queueStatus(),
      },
      {
        path: '/queue/stats',
        operationId: 'getQueueStats',
        summary: 'How the work on the queue goes',
        description:
          'Totals of the runs under way on this queue that answer, how many do not, and totals of this process.',
        answer: 'QueueStats',
        problems: {},
        ask: () => sources().queueStats(),
      },
    ],
  };
}

import { connectExports } from '../../../../src/pipelines/exports/process/connect.js';
import { EXPORTS_SETTINGS } from '../../../../src/pipelines/exports/settings/index.js';
import type { TemporalAccess } from '../../../../src/pipelines/pipeline.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { createMetrics } from '../../../../src/platform/metrics/metrics.js';
import { silentLogger } from '../../../../src/platform/logging/logger.js';

test('activities that call the Export API share half of its rate, over all orchestrators', async () => {
  const settings = loadSettings(
    {
      EXPORT_JOBS_QUEUE_URL: 'http://localhost/1/jobs',
      DOWNLOAD_TASKS_QUEUE_URL: 'http://localhost/1/tasks',
      EXPORT_OUTPUT_PREFIX: 's3://exports/objects',
      EXPORT_STATE_PREFIX: 's3://exports/state',
      EXPORT_METADATA_TABLE: 'table',
      EXPORT_API_URL: 'https://api.example.org',
      EXPORT_API_RATE: '8',
    },
    BASE_SETTINGS,
    EXPORTS_SETTINGS,
  );
  const connected = connectExports(
    {
      ...{ settings, taskQueue: 'exports', roles: { orchestrator: true, worker: false } },
      ...{ metrics: createMetrics(), tracing: undefined, log: silentLogger, running: () => true },
      untilAvailable: (attempt) => attempt(),
    },
    {
      ...{ orchestrator: () => ({}), api: () => ({}), work: () => ({}) },
      task: () => ({ activities: {}, close: () => Promise.resolve() }),
    },
  );
  // Nothing is asked of it before the services start.
  const temporal = { client: {}, runs: {}, taskQueue: 'exports' } as unknown as TemporalAccess;
  expect(connected.orchestrator(temporal).pollers).toMatchObject([
    { taskQueue: 'exports-api', maxPerSecond: 4 },
  ]);
  await connected.close();
});

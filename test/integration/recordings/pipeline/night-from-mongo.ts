import type { Ledger } from '../../../../tools/demo/ledger.js';
import type { Night as PlannedNight } from '../../../../tools/demo/night.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createNight, type Night } from './night.js';
import { seed } from './seeded-night.js';
import type { WorkerProcess } from './worker-process.js';

/** As much as the queue takes. */
export const JUNK = 'j'.repeat(300_000);
export const STORY_MS = 180_000;

export interface NightFromMongo {
  night: Night;
  worker: WorkerProcess;
  planned: PlannedNight;
  ledger: Ledger;
  summary: DiscoverySummary;
}

/** Runs a night of thirty rows to its end; the worker lives on. */
export async function runNightFromMongo(): Promise<NightFromMongo> {
  const night = await createNight();
  const { planned, ledger } = await seed(night, 30);
  await night.send([JUNK]);
  const worker = await night.worker({
    ENABLE_SOURCE_BACKLINK_UPDATE: 'true',
    LOG_LEVEL: 'debug',
    BATCH_SIZE: '20',
  });
  const run = await night.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  const summary = (await run.result()) as DiscoverySummary;
  return { night, worker, planned, ledger, summary };
}

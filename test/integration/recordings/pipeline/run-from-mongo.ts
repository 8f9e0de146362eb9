import type { Ledger } from '../../../../tools/demo/ledger.js';
import type { SeedPlan } from '../../../../tools/demo/seed-plan.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createInstallation, type Installation } from './installation.js';
import { seed } from './seeded-rows.js';
import type { WorkerProcess } from './worker-process.js';

/** As much as the queue takes. */
export const JUNK = 'j'.repeat(300_000);
export const STORY_MS = 180_000;

export interface RunFromMongo {
  installation: Installation;
  worker: WorkerProcess;
  planned: SeedPlan;
  ledger: Ledger;
  summary: DiscoverySummary;
}

/** Scores thirty rows to the end of the run; the worker lives on. */
export async function runFromMongo(): Promise<RunFromMongo> {
  const installation = await createInstallation();
  const { planned, ledger } = await seed(installation, 30);
  await installation.send([JUNK]);
  const worker = await installation.worker({
    ENABLE_SOURCE_BACKLINK_UPDATE: 'true',
    LOG_LEVEL: 'debug',
    BATCH_SIZE: '20',
  });
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  const summary = (await run.result()) as DiscoverySummary;
  return { installation, worker, planned, ledger, summary };
}

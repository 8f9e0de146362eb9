import type { Ledger } from '../../../../tools/demo/ledger.js';
import type { SeedPlan } from '../../../../tools/demo/seed-plan.js';
import {
  DRIFT_MOST_FEATURES,
  type DriftReport,
} from '../../../../src/pipelines/recordings/contract/drift.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { readModelFiles } from '../../../../src/pipelines/recordings/model/model-files.js';
import { modelFolder } from '../../../../src/pipelines/recordings/model/model-folder.js';
import { RECORDINGS_CONTRACT_LOG_EVENTS } from '../../../../src/pipelines/recordings/log-events.js';
import { BASE_CONTRACT_LOG_EVENTS } from '../../../../src/platform/logging/log-event.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import { SECRETS } from './discretion.js';
import { historyTexts } from './history-text.js';
import { endLeftInstallations, type Installation } from './installation.js';
import { entriesOf } from './seeded-rows.js';
import type { WorkerProcess } from './worker-process.js';
import { JUNK, STORY_MS, runFromMongo } from './run-from-mongo.js';

let installation: Installation;
let worker: WorkerProcess;
let planned: SeedPlan;
let ledger: Ledger;
let summary: DiscoverySummary;

beforeAll(async () => {
  ({ installation, worker, planned, ledger, summary } = await runFromMongo());
}, STORY_MS);
afterAll(endLeftInstallations);

describe('a run from MongoDB', () => {
  test('is summed up as the CSV counts it', () => {
    const rows = installation.csv();
    const count = (status: string): number => rows.filter((row) => row.processing_status === status).length;
    expect(summary).toMatchObject({
      status: 'completed',
      source_exhausted: true,
      lanes: 0,
      hosts_lost: 0,
      batches_failed: 0,
      outcomes: {
        completed: count('completed'),
        skipped_existing: count('skipped_existing'),
        skipped_ineligible: entriesOf(ledger, 'deleted_after_queuing').length,
        failed_pre_inference: count('failed_pre_inference'),
        malformed: planned.malformed.length + 1,
      },
      discovery: { discovered: 30, existing: entriesOf(ledger, 'scored_before').length, late: 0 },
    });
    expect(count('completed')).toBeGreaterThan(20);
  });

  test('says how the recordings differ from the training, each counted once', async () => {
    const measured = (await installation.results()).filter(
      ({ processing }) => processing.message_id !== 'seeded',
    ).length;
    const { manifest } = await readModelFiles(modelFolder('models/reading-audio'));
    expect(summary.drift).toMatchObject({
      recordings: measured,
      not_comparable: 0,
      ...{ model_name: manifest.name, model_version: manifest.version },
      scored_by: [{ model_name: manifest.name, model_version: manifest.version, recordings: measured }],
      features: manifest.features.length,
    });
    const { most_drifted: furthest } = summary.drift as DriftReport;
    const distances = furthest.map(({ distance }) => distance);
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(distances).toHaveLength(DRIFT_MOST_FEATURES);
    for (const { q05, q50, q95 } of furthest)
      expect([q05, q50, q95]).toEqual([q05, q50, q95].sort((a, b) => a - b));
  });

  test('says of malformed messages why, and never what they held', () => {
    const lines = worker.of('message_malformed');
    expect(lines).toHaveLength(planned.malformed.length + 1);
    expect(lines.map((line) => line['reason'])).toContain('not JSON');
    expect(lines.map((line) => line['reason'])).toContainEqual(
      expect.stringContaining('test_date: expected'),
    );
    for (const body of ['not JSON at all', '20-12-2025', JUNK.slice(0, 50)]) {
      expect(worker.output()).not.toContain(body);
    }
  });

  test('serves its health, and counts deliveries as it logged them', async () => {
    const url = await worker.healthUrl();
    for (const path of ['/health/health', '/health/live', '/health/ready']) {
      expect({ path, status: (await fetch(url + path)).status }).toEqual({ path, status: 200 });
    }
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as { checks: Record<string, string> };
    expect(ready.checks).toEqual({ temporal: 'ok', sqs: 'ok', database: 'ok', source: 'ok', csv: 'ok' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const [outcome, count] of Object.entries(summary.outcomes)) {
      expect(metrics).toContain(
        `vachan_deliveries_total{pipeline="recordings",outcome="${outcome}"} ${count}\n`,
      );
    }
  });

  test('logs the contract’s events, each line with its workflow where it has one', () => {
    const unseen = [
      'watermark_loaded',
      'enqueue_batch_failed',
      'batch_skipped',
      'throughput',
      'worker_draining',
      'worker_stopped',
    ];
    const seen = new Set(worker.lines().map(({ event }) => event));
    const contract = [...BASE_CONTRACT_LOG_EVENTS, ...RECORDINGS_CONTRACT_LOG_EVENTS];
    expect(contract.filter((event) => !seen.has(event) && !unseen.includes(event))).toEqual([]);
    const ofBatches = worker.lines().filter((line) => 'batch_id' in line);
    expect(ofBatches.length).toBeGreaterThan(20);
    expect(ofBatches.filter((line) => typeof line['workflow_id'] !== 'string')).toEqual([]);
  });

  test('keeps children and audio addresses out of every history', async () => {
    const texts = await historyTexts(installation.client, installation.taskQueue);
    expect(texts.size).toBeGreaterThan(3);
    const all = [...texts.values()].join('\n');
    // What a history does hold shows that its payloads can be read here.
    expect(all).toContain(TEST_DATE);
    expect(all).toContain(SUBJECT);
    for (const secret of [...SECRETS, 's3://', 'samples/', 'uploads/', 'X-Amz'])
      expect(all).not.toContain(secret);
  });

  test('ends its worker in good order, which has kept quiet about children', async () => {
    await installation.close();
    expect(worker.of('worker_stopped')).toHaveLength(1);
  });
});

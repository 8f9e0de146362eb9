import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readWorld } from '../../../../tools/demo/world.js';
import { differences, type Ledger } from '../../../../tools/demo/ledger.js';
import type { Night as PlannedNight } from '../../../../tools/demo/night.js';
import { isRecording } from '../../../../tools/demo/night-ledger.js';
import { resultDocumentSchema } from '../../../../src/pipelines/recordings/contract/result-document.js';
import {
  stateDocumentSchema,
  type StateDocument,
} from '../../../../src/pipelines/recordings/contract/state-document.js';
import {
  DRIFT_MOST_FEATURES,
  type DriftReport,
} from '../../../../src/pipelines/recordings/contract/drift.js';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { readModelFiles } from '../../../../src/pipelines/recordings/model/model-files.js';
import { modelFolder } from '../../../../src/pipelines/recordings/model/model-folder.js';
import { RECORDINGS_CONTRACT_LOG_EVENTS } from '../../../../src/pipelines/recordings/log-events.js';
import { BASE_CONTRACT_LOG_EVENTS } from '../../../../src/platform/logging/log-event.js';
import { pythonWith } from '../../python-with.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import { SECRETS } from './discretion.js';
import { historyTexts } from './history-text.js';
import {
  RESULT_COLLECTION,
  SOURCE_COLLECTION,
  STATE_COLLECTION,
  createNight,
  endLeftNights,
  type Night,
} from './night.js';
import { messageFor } from './recordings.js';
import { entriesOf, seed } from './seeded-night.js';
import type { WorkerProcess } from './worker-process.js';

const STORY_MS = 180_000;
/** The first run installs the driver from PyPI. */
const FIRST_RUN_MS = 300_000;
/** As much as the queue takes. */
const JUNK = 'j'.repeat(300_000);

let night: Night;
let worker: WorkerProcess;
let planned: PlannedNight;
let ledger: Ledger;
let summary: DiscoverySummary;

beforeAll(async () => {
  night = await createNight();
  ({ planned, ledger } = await seed(night, 30));
  await night.send([JUNK]);
  worker = await night.worker({
    ENABLE_SOURCE_BACKLINK_UPDATE: 'true',
    LOG_LEVEL: 'debug',
    BATCH_SIZE: '20',
  });
  const run = await night.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  summary = (await run.result()) as DiscoverySummary;
}, STORY_MS);
afterAll(endLeftNights);

describe('a night from MongoDB', () => {
  test('ends with every row and message where the contract says', async () => {
    const world = await readWorld({
      ...{ sqs: night.sqs, queueUrl: night.queueUrl, deadLetterQueueUrl: night.deadLetterQueueUrl },
      ...{ db: night.db, resultCollection: RESULT_COLLECTION, testDate: TEST_DATE, csvPath: night.csvPath },
    });
    expect(differences(ledger, world)).toEqual([]);
  });

  test('is summed up as the CSV counts it', () => {
    const rows = night.csv();
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

  test('writes result documents of exactly the contract’s shape', async () => {
    const documents = (await night.results()).filter(({ processing }) => processing.message_id !== 'seeded');
    expect(documents.length).toBeGreaterThan(20);
    for (const document of documents) {
      expect(resultDocumentSchema.parse(document)).toEqual(document);
      expect(document.source.audio_s3_url).not.toContain('?');
      expect(Object.keys(document.processing.timings_ms).sort()).toEqual([
        'decode',
        'download',
        'features',
        'inference',
      ]);
      expect(document.inference.is_anomaly).toBe(document.inference.prediction_label === 'anomaly');
    }
  });

  test('mirrors its state, with the watermark on the last row', async () => {
    const state = await night.db.collection<StateDocument>(STATE_COLLECTION).findOne({});
    expect(stateDocumentSchema.parse(state)).toEqual(state);
    const rows = planned.rows
      .filter((row) => isRecording(row) && row.kind !== 'deleted_after_queuing')
      .map((row) => messageFor(row, SOURCE_COLLECTION))
      .sort(compareRows);
    expect(state).toMatchObject({
      _id: `audio_anomaly:enqueue:${SOURCE_COLLECTION}:${TEST_DATE}`,
      status: 'completed',
      mode: 'backfill',
      watermark: watermarkOf(rows.at(-1)!),
      stats: summary.discovery,
    });
    expect(state?.last_run.finished_at).toBeInstanceOf(Date);
  });

  test('says how the recordings differ from the training, each counted once', async () => {
    const measured = (await night.results()).filter(
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

  test('has made the indexes of results and state', async () => {
    const keysOf = async (collection: string): Promise<string[]> =>
      (await night.db.collection(collection).indexes()).map(({ key, unique }) =>
        [...Object.keys(key), ...(unique === true ? ['unique'] : [])].join(),
      );
    expect(await keysOf(RESULT_COLLECTION)).toEqual(
      expect.arrayContaining([
        'source.mongo_doc_id,source.test_date,source.record_type,source.subject_id',
        'source.test_date,processing.processed_at',
        'source.test_date,inference.is_anomaly',
      ]),
    );
    expect(await keysOf(STATE_COLLECTION)).toContain(
      'pipeline_name,stage,source_collection,test_date,unique',
    );
  });

  test.each([
    ['missing_object', 'AudioNotFound'],
    ['corrupt_audio', 'AudioUndecodable'],
    ['truncated_audio', 'AudioTruncated'],
    ['empty_audio', 'AudioEmpty'],
  ] as const)(
    'names the error of %s in a CSV row a delivery, %s, until the dead-letter queue',
    (kind, error) => {
      const [entry] = entriesOf(ledger, kind);
      const rows = night.csv().filter((row) => row.result_document_id === entry?.resultDocumentId);
      expect(rows.map((row) => row.receive_count).sort()).toEqual(['1', '2', '3']);
      expect(new Set(rows.map((row) => row.message_id)).size).toBe(1);
      for (const row of rows) {
        expect(row.error).toMatch(new RegExp(`^${error}: `));
        expect(row.error).not.toContain('?');
        expect([row.is_anomaly, row.anomaly_score, row.prediction_label]).toEqual(['', '', '']);
      }
    },
  );

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

  test('links results back into the source, and nothing else', async () => {
    const documents = await night.db.collection(SOURCE_COLLECTION).find().toArray();
    const linked = documents.flatMap((document) =>
      (document['assessments'] as Record<string, { subjects: Record<string, unknown>[] }>[]).flatMap(
        (assessment) =>
          ['teacher_record', 'admin_record'].flatMap((type) =>
            (assessment[type]?.subjects ?? []).flatMap((subject) =>
              typeof subject['anomaly_result_id'] === 'string' ? [subject['anomaly_result_id']] : [],
            ),
          ),
      ),
    );
    const completed = night.csv().filter((row) => row.processing_status === 'completed');
    // Two deliveries of one recording may both have completed.
    expect(new Set(linked)).toEqual(new Set(completed.map((row) => row.result_document_id)));
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
    const texts = await historyTexts(night.client, night.taskQueue);
    expect(texts.size).toBeGreaterThan(3);
    const all = [...texts.values()].join('\n');
    // What a history does hold shows that its payloads can be read here.
    expect(all).toContain(TEST_DATE);
    expect(all).toContain(SUBJECT);
    for (const secret of [...SECRETS, 's3://', 'samples/', 'uploads/', 'X-Amz'])
      expect(all).not.toContain(secret);
  });

  test(
    'answers the runbook’s validation queries to a Python driver',
    async () => {
      const python = await pythonWith({ name: 'pymongo', version: '4.20.0' });
      const script = join(__dirname, 'validation_queries.py');
      const { MONGO_URI: uri, MONGO_DB_NAME: database } = night.env;
      const { stdout } = await promisify(execFile)(python, [script, uri!, database!, TEST_DATE]);
      const results = await night.results();
      const found = JSON.parse(stdout) as {
        states: unknown[];
        count: number;
        sample: { id: string; is_anomaly: boolean; anomaly_score: number; processed_at: string }[];
      };
      expect(found).toMatchObject({
        states: [
          {
            _id: `audio_anomaly:enqueue:${SOURCE_COLLECTION}:${TEST_DATE}`,
            status: 'completed',
            stats: summary.discovery,
          },
        ],
        count: results.length,
      });
      expect(found.sample).toHaveLength(5);
      for (const { id, processed_at: processedAt, ...inference } of found.sample) {
        const result = results.find(({ _id }) => _id === id);
        expect(inference).toEqual({
          is_anomaly: result?.inference.is_anomaly,
          anomaly_score: result?.inference.anomaly_score,
        });
        expect(new Date(`${processedAt}Z`)).toEqual(result?.processing.processed_at);
      }
    },
    FIRST_RUN_MS,
  );

  test('ends its worker in good order, which has kept quiet about children', async () => {
    await night.close();
    expect(worker.of('worker_stopped')).toHaveLength(1);
  });
});

import {
  createUpsertActivity,
  type UpsertDependencies,
} from '../../../../src/activities/recordings/upsert-results.js';
import { outcomeOf, settle } from '../../../../src/activities/shared/delivery.js';
import { reach, type RecordingDelivery } from '../../../../src/activities/recordings/recording-delivery.js';
import type { StageReport } from '../../../../src/activities/shared/activity-types.js';
import type { CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import {
  resultDocumentSchema,
  type ResultDocument,
} from '../../../../src/pipelines/recordings/contract/result-document.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { UpsertReport } from '../../../../src/pipelines/recordings/results/result-repository.js';
import type { Backlink } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { INFERENCE } from '../results/deliveries.js';
import { inActivity } from '../../shared/activities/in-activity.js';
import { heldBatch, score, type HeldBatch } from './held-batch.js';
import { BATCH, VISIBILITY_SECONDS } from '../../shared/activities/held-batch.js';

let held: HeldBatch;
let documents: ResultDocument[];
let rows: CsvRow[];
let backlinks: Backlink[];
/** Result ids whose features were logged. */
let logged: string[];
/** The models under which they were, and how many. */
let loggedBy: string[];
/** What fails while it is in here: `results`, `features of <date>`, `backlinks`, `csv`. */
let away: Set<string>;
/** Ids of documents that the store refuses one by one. */
let refused: Set<string>;

beforeEach(() => {
  documents = [];
  rows = [];
  backlinks = [];
  logged = [];
  loggedBy = [];
  away = new Set();
  refused = new Set();
});
afterEach(() => held.dispose());

function step(name: string): void {
  if (away.has(name)) throw new DependencyUnavailable(`${name} do not answer`);
  held.journal.push(name);
}

const upsert = (overrides: Partial<UpsertDependencies> = {}): Promise<StageReport> =>
  inActivity(() =>
    createUpsertActivity({
      store: held.store,
      results: {
        upsertResults: async (more): Promise<UpsertReport> => {
          step('results');
          documents.push(...more);
          const ids = more.map(({ _id }) => _id);
          return Promise.resolve({
            durable: ids.filter((id) => !refused.has(id)),
            failed: ids.filter((id) => refused.has(id)).map((id) => ({ id, code: '121' })),
          });
        },
      },
      featureLog: {
        record: (_batchId, key, { name, version }, recordings) => {
          step(`features of ${key.test_date}`);
          logged.push(...recordings.map(({ resultDocumentId }) => resultDocumentId));
          loggedBy.push(`${name} ${version}: ${recordings.length}`);
          return Promise.resolve();
        },
      },
      trainingOf: () => ({ means: new Float64Array(), stds: new Float64Array() }),
      source: {
        writeBacklinks: async (more) => {
          step('backlinks');
          backlinks.push(...more);
          return Promise.resolve();
        },
      },
      csv: {
        location: 'results.csv',
        append: async (_batchId, more) => {
          step('csv');
          rows.push(...more);
          return Promise.resolve({ written: more.length, repeated: 0 });
        },
        ping: () => Promise.resolve(),
      },
      pipelineName: 'audio_anomaly',
      resultIdBasis: 'recording',
      writeBacklinks: false,
      now: () => new Date('2025-12-20T21:00:00.000Z'),
      log: held.log,
      ...overrides,
    }).upsertResults(BATCH),
  );

describe('making outcomes durable', () => {
  test('writes features, then results, then backlinks, then the CSV, and touches no message', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => score(item));
    await upsert({ writeBacklinks: true });
    const date = held.items[0].message.test_date;
    expect(held.journal).toEqual([`features of ${date}`, 'results', 'backlinks', 'csv']);
    expect(held.batch.items.map(outcomeOf)).toEqual(['completed', 'completed']);
    expect(rows.map((row) => row['processing_status'])).toEqual(['completed', 'completed']);
  });

  test('stores what a shadow model says beside, and decides by the other alone', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => score(item));
    const shadow = {
      ...INFERENCE,
      is_anomaly: false,
      anomaly_score: -9,
      prediction_label: 'normal' as const,
      model_name: 'candidate',
    };
    score(held.items[0], { shadow });
    await upsert();
    expect(documents.map(({ inference }) => inference)).toEqual([INFERENCE, INFERENCE]);
    expect(documents[0]).toHaveProperty('inference_shadow', shadow);
    expect(documents[1]).not.toHaveProperty('inference_shadow');
    for (const document of documents) expect(resultDocumentSchema.parse(document)).toEqual(document);
    const { is_anomaly, anomaly_score, prediction_label, model_name } = INFERENCE;
    const decided = { is_anomaly, anomaly_score, prediction_label, model_name };
    expect(rows).toMatchObject([decided, decided]);
    expect(JSON.stringify(rows)).not.toContain('candidate');
  });

  test('completes nothing and writes no row while results cannot be written', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('results');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    expect(held.items[0].ending).toBeUndefined();
    expect(rows).toEqual([]);
    expect(held.journal).not.toContain('csv');
  });

  test('keeps the features of what an earlier attempt scored, when a later one has less to write', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => score(item));
    refused.add(held.items[0].resultDocumentId);
    away.add('csv');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    away.clear();
    await upsert();
    expect(logged).toEqual(held.items.map(({ resultDocumentId }) => resultDocumentId));
  });

  test('logs features under the model that scored them, one that changed meanwhile under each', async () => {
    held = heldBatch(3);
    held.batch.items.forEach((item) => score(item));
    score(held.items[0], { inference: { ...INFERENCE, model_version: '0.9.0' } });
    await upsert();
    expect(loggedBy).toEqual(['reading-audio 0.9.0: 1', 'reading-audio 1.0.0: 2']);
    expect(documents).toHaveLength(3);
  });

  test('writes no result while features cannot be logged, and none of them where they are not kept', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add(`features of ${held.items[0].message.test_date}`);
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    expect(documents).toEqual([]);
    await upsert({ featureLog: undefined });
    expect(documents).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  test('writes only the CSV again when only the CSV had failed', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('csv');
    await expect(upsert()).rejects.toThrow(DependencyUnavailable);
    away.clear();
    await upsert();
    expect(documents).toHaveLength(1);
    expect(rows).toHaveLength(1);
  });

  test('writes the backlinks when only they had failed', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    away.add('backlinks');
    await expect(upsert({ writeBacklinks: true })).rejects.toThrow(DependencyUnavailable);
    expect(rows).toEqual([]);
    away.clear();
    await upsert({ writeBacklinks: true });
    expect(backlinks.map(({ anomaly_result_id }) => anomaly_result_id)).toEqual([
      held.items[0].resultDocumentId,
    ]);
    expect(documents).toHaveLength(1);
  });

  test('returns a message whose document is refused, without a row, and completes the others', async () => {
    held = heldBatch(2);
    held.batch.items.forEach((item) => score(item));
    refused.add(held.items[0].resultDocumentId);
    const { remaining } = await upsert();
    expect(held.items[0].ending).toEqual({ kind: 'returned', reason: 'not_written' });
    expect(rows.map((row) => row['message_id'])).toEqual(['m1']);
    expect(remaining).toBe(0);
  });

  test('gives a twin its row only where the delivery that it waited for has a result', async () => {
    held = heldBatch(4);
    const [scored, itsTwin, refusedOne, otherTwin] = held.batch.items as [
      RecordingDelivery,
      RecordingDelivery,
      RecordingDelivery,
      RecordingDelivery,
    ];
    score(scored);
    score(refusedOne);
    reach(itsTwin, { stage: 'waiting', for: scored });
    reach(otherTwin, { stage: 'waiting', for: refusedOne });
    refused.add(refusedOne.resultDocumentId);
    await upsert();
    expect(rows.map((row) => [row['message_id'], row['processing_status']])).toEqual([
      ['m0', 'completed'],
      ['m1', 'skipped_existing'],
    ]);
    expect(otherTwin.ending).toEqual({ kind: 'returned', reason: 'twin_without_result' });
  });

  test('writes nothing about messages that others may have by now', async () => {
    held = heldBatch(1);
    score(held.items[0]);
    held.pass(VISIBILITY_SECONDS + 1);
    await upsert();
    expect(documents).toEqual([]);
    expect(rows).toEqual([]);
    expect(held.items[0].ending).toEqual({ kind: 'returned', reason: 'receipt_lost' });
  });

  test('gives skipped and failed deliveries a row without scores', async () => {
    held = heldBatch(3);
    const [existing, ineligible, failed] = held.batch.items;
    settle(existing!, 'skipped_existing');
    settle(ineligible!, 'skipped_ineligible');
    settle(failed!, 'failed_pre_inference', { error: { name: 'AudioNotFound', message: 'no such object' } });
    await upsert();
    expect(documents).toEqual([]);
    expect(rows.map((row) => [row['processing_status'], row['error'], row['anomaly_score']])).toEqual([
      ['skipped_existing', null, null],
      ['skipped_ineligible', null, null],
      ['failed_pre_inference', 'AudioNotFound: no such object', null],
    ]);
  });
});

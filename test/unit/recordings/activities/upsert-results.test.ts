import { outcomeOf, settle } from '../../../../src/activities/shared/delivery.js';
import { reach, type RecordingDelivery } from '../../../../src/activities/recordings/recording-delivery.js';
import { resultDocumentSchema } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { INFERENCE } from '../results/deliveries.js';
import { heldBatch, score, type HeldBatch } from './held-batch.js';
import { VISIBILITY_SECONDS } from '../../shared/activities/held-batch.js';
import { documents, rows, loggedBy, refused, resetUpsert, upsert } from './upsert-fakes.js';

let held: HeldBatch;
beforeEach(() => resetUpsert(() => held));
afterEach(() => held.dispose());

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

  test('logs features under the model that scored them, one that changed meanwhile under each', async () => {
    held = heldBatch(3);
    held.batch.items.forEach((item) => score(item));
    score(held.items[0], { inference: { ...INFERENCE, model_version: '0.9.0' } });
    await upsert();
    expect(loggedBy).toEqual(['reading-audio 0.9.0: 1', 'reading-audio 1.0.0: 2']);
    expect(documents).toHaveLength(3);
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

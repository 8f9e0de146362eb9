import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import {
  createRecordingsMetrics,
  type RecordingsMetrics,
} from '../../../../src/pipelines/recordings/metrics/recordings-metrics.js';
import { createMetrics, type Metrics } from '../../../../src/platform/metrics/metrics.js';
import { STAGE_OF, countSettled } from '../../../../src/activities/recordings/count-recordings.js';
import { settle } from '../../../../src/activities/shared/delivery.js';
import { countAttempts, countReceived } from '../../../../src/activities/shared/count-activities.js';
import { heldBatch, score } from './held-batch.js';
import { received } from '../../shared/queue/received.js';

let all: Metrics;
let metrics: RecordingsMetrics;
beforeEach(() => {
  all = createMetrics();
  metrics = createRecordingsMetrics(all, { openBatches: () => 0 });
});

const page = (): Promise<string> => all.registry.metrics();

test('an attempt at a stage is timed under the stage’s name, and counted as a retry from the second on', async () => {
  const count = countAttempts(metrics, STAGE_OF);
  count({ activity: 'extractFeatures', attempt: 1, seconds: 2, failed: true });
  count({ activity: 'extractFeatures', attempt: 2, seconds: 3, failed: false });
  count({ activity: 'measureBacklog', attempt: 1, seconds: 1, failed: false });
  const text = await page();
  expect(text).toContain(
    'vachan_batch_stage_duration_seconds_sum{pipeline="recordings",stage="features",result="failed"} 2',
  );
  expect(text).toContain(
    'vachan_batch_stage_duration_seconds_sum{pipeline="recordings",stage="features",result="ok"} 3',
  );
  expect(text).toContain('vachan_retries_total{pipeline="recordings",operation="activity"} 1');
  expect(text).not.toContain('measureBacklog');
});

test('a repeated delivery is a retry, whose age says nothing of the queue', async () => {
  const [first, second] = received(2);
  const held = heldBatch(1);
  countReceived(metrics)(held.batch.queue, [
    { ...first!, receiveCount: 1, sentAtMs: Date.now() - 60_000 },
    { ...second!, receiveCount: 3, sentAtMs: Date.now() - 9_000_000 },
  ]);
  held.dispose();
  const text = await page();
  expect(text).toMatch(/messaging_client_consumed_messages_total\{.*\} 2/);
  expect(text).toContain('vachan_receive_age_seconds_count{pipeline="recordings"} 1');
  expect(text).toContain('vachan_retries_total{pipeline="recordings",operation="delivery"} 1');
});

test('a settled batch counts outcomes, causes, times and audio of its records', async () => {
  const held = heldBatch(2);
  const [completed, failed] = held.batch.items;
  score(completed!);
  settle(completed!, 'completed');
  Object.assign(completed!.timingsMs, { download: 500, decode: 20, features: 30 });
  settle(failed!, 'failed_pre_inference', {
    error: { name: 'AudioNotFound', message: 'no object: s3://b/k' },
  });
  Object.assign(failed!.timingsMs, { download: 1500 });
  countSettled(metrics)(held.batch, { ...noOutcomes(), completed: 1, failed_pre_inference: 1 });
  held.dispose();
  const text = await page();
  expect(text).toContain('vachan_deliveries_total{pipeline="recordings",outcome="completed"} 1');
  expect(text).toContain('vachan_record_failures_total{pipeline="recordings",error_type="AudioNotFound"} 1');
  expect(text).toContain(
    'vachan_record_stage_duration_seconds_sum{pipeline="recordings",stage="download"} 2',
  );
  expect(text).toContain(
    'vachan_record_stage_duration_seconds_count{pipeline="recordings",stage="decode"} 1',
  );
  expect(text).toMatch(/messaging_process_duration_seconds_count\{.*\} 2/);
  expect(text).toMatch(/vachan_audio_seconds_total [1-9]/);
});

import type { MeasuredBacklog } from '../../../../../src/platform/metrics/backlog-metrics.js';
import { backlogPerTask } from '../../../../../src/platform/metrics/backlog-metrics.js';
import { createMetrics, type Metrics } from '../../../../../src/platform/metrics/metrics.js';
import type { PoolUse } from '../../../../../src/platform/metrics/pool-metrics.js';

const QUEUE_URL = 'https://sqs.ap-south-1.amazonaws.com/123456789012/recordings';

function measured(changes: Partial<MeasuredBacklog> = {}): MeasuredBacklog {
  const depth = { visible: 300, in_flight: 20, delayed: 5 };
  return {
    queues: [{ queueUrl: QUEUE_URL, depth, deadLetters: 7 }],
    inferenceWorkers: 3,
    lanes: 4,
    ...changes,
  };
}

let poolUse: PoolUse | undefined;
let metrics: Metrics;
beforeEach(() => {
  poolUse = undefined;
  metrics = createMetrics({ openBatches: () => 0, poolUse: () => poolUse });
});

const page = (): Promise<string> => metrics.registry.metrics();

describe('the backlog', () => {
  test('is shown by queue and state, with who works on it', async () => {
    metrics.showBacklog(measured());
    const text = await page();
    expect(text).toContain(
      'vachan_backlog_messages{messaging_destination_name="recordings",state="visible"} 300',
    );
    expect(text).toContain('vachan_dead_letter_messages{messaging_destination_name="recordings"} 7');
    expect(text).toContain('vachan_backlog_per_task 100');
    expect(text).toContain('vachan_inference_workers 3');
    expect(text).toContain('vachan_lanes 4');
  });

  test('has no value once it could not be measured, since an old one would pass for a new one', async () => {
    metrics.showBacklog(measured());
    metrics.showBacklog(undefined);
    const values = (await page()).split('\n').filter((line) => !line.startsWith('#'));
    for (const name of ['vachan_backlog', 'vachan_lanes', 'vachan_inference_workers', 'vachan_dead_letter']) {
      expect(values.filter((line) => line.startsWith(name))).toEqual([]);
    }
  });

  test('per task counts all queues, and with nobody there falls to one', () => {
    const [queue] = measured().queues;
    expect(backlogPerTask(measured({ queues: [queue!, queue!] }))).toBe(200);
    expect(backlogPerTask(measured({ inferenceWorkers: 0 }))).toBe(300);
  });
});

describe('the audio pool', () => {
  test('is shown as it is at the moment of the scrape', async () => {
    poolUse = { size: 2, busy: 1, queued: 40, rssBytes: 300_000_000 };
    metrics.poolProcessLost();
    const text = await page();
    expect(text).toContain('vachan_audio_pool_processes 2');
    expect(text).toContain('vachan_audio_pool_busy 1');
    expect(text).toContain('vachan_audio_pool_queued 40');
    expect(text).toContain('vachan_audio_pool_resident_memory_bytes 300000000');
    expect(text).toContain('vachan_audio_pool_restarts_total 1');
  });

  test('has no values in a process without one', async () => {
    expect(await page()).not.toMatch(/^vachan_audio_pool_busy /m);
  });
});

test('labels hold names of queues, never their addresses', async () => {
  metrics.sent(QUEUE_URL, 10);
  metrics.received(QUEUE_URL, 10, [1_000], 3_000);
  metrics.processed(QUEUE_URL, 1);
  metrics.showBacklog(measured());
  const text = await page();
  expect(text).toContain('messaging_destination_name="recordings"');
  expect(text).not.toContain('123456789012');
});

test('a clock that is behind SQS’s makes no message younger than nothing', async () => {
  metrics.received(QUEUE_URL, 1, [5_000], 3_000);
  expect(await page()).toContain('vachan_receive_age_seconds_sum 0');
});

import type { MeasuredBacklog } from '../../../../../src/platform/metrics/backlog-metrics.js';
import { backlogPerTask } from '../../../../../src/platform/metrics/backlog-metrics.js';
import {
  createMetrics,
  type Metrics,
  type PipelineMetrics,
} from '../../../../../src/platform/metrics/metrics.js';

const QUEUE_URL = 'https://sqs.ap-south-1.amazonaws.com/123456789012/fruit';
const depth = { visible: 300, in_flight: 20, delayed: 5 };

function measured(changes: Partial<MeasuredBacklog> = {}): MeasuredBacklog {
  return { queues: [{ queueUrl: QUEUE_URL, depth, deadLetters: 7 }], workers: 3, lanes: 4, ...changes };
}

let all: Metrics;
let plums: PipelineMetrics<'eaten' | 'rotten'>;
let pears: PipelineMetrics<'peeled'>;
beforeEach(() => {
  all = createMetrics();
  plums = all.of({
    pipeline: 'plums',
    outcomes: ['eaten', 'rotten'],
    acknowledged: ['eaten'],
    returnReasons: ['unripe'],
    openBatches: () => 2,
  });
  pears = all.of({
    pipeline: 'pears',
    outcomes: ['peeled'],
    acknowledged: ['peeled'],
    returnReasons: [],
    openBatches: () => 5,
  });
});

const page = (): Promise<string> => all.registry.metrics();
const valuesOf = async (pattern: RegExp): Promise<string[]> =>
  (await page()).split('\n').filter((line) => !line.startsWith('#') && pattern.test(line));

describe('deliveries', () => {
  test('are counted by the pipeline’s own outcomes, which are there from the start', async () => {
    plums.addOutcomes({ eaten: 3, rotten: 1 });
    plums.addOutcomes({ eaten: 1, rotten: 0 });
    expect(await valuesOf(/^vachan_deliveries_total/)).toEqual([
      'vachan_deliveries_total{pipeline="plums",outcome="eaten"} 4',
      'vachan_deliveries_total{pipeline="plums",outcome="rotten"} 1',
      'vachan_deliveries_total{pipeline="pears",outcome="peeled"} 0',
    ]);
    expect(plums.outcomes()).toEqual({ eaten: 4, rotten: 1 });
    expect(plums.acknowledged()).toBe(4);
    expect(pears.acknowledged()).toBe(0);
  });

  test('that failed or went back are counted by cause and reason', async () => {
    plums.addFailure('StoneBroken');
    plums.addReturns({ unripe: 2 });
    pears.addRetries('delivery', 3);
    const text = await page();
    expect(text).toContain('vachan_record_failures_total{pipeline="plums",error_type="StoneBroken"} 1');
    expect(text).toContain('vachan_returns_total{pipeline="plums",reason="unripe"} 2');
    expect(text).toContain('vachan_retries_total{pipeline="pears",operation="delivery"} 3');
  });

  test('are held in batches of each pipeline', async () => {
    expect(await valuesOf(/^vachan_open_batches/)).toEqual([
      'vachan_open_batches{pipeline="plums"} 2',
      'vachan_open_batches{pipeline="pears"} 5',
    ]);
  });
});

describe('the backlog', () => {
  test('is shown by queue and state, with who works on it', async () => {
    plums.showBacklog(measured());
    const text = await page();
    expect(text).toContain(
      'vachan_backlog_messages{pipeline="plums",messaging_destination_name="fruit",state="visible"} 300',
    );
    expect(text).toContain(
      'vachan_dead_letter_messages{pipeline="plums",messaging_destination_name="fruit"} 7',
    );
    expect(text).toContain('vachan_backlog_per_task{pipeline="plums"} 100');
    expect(text).toContain('vachan_inference_workers{pipeline="plums"} 3');
    expect(text).toContain('vachan_lanes{pipeline="plums"} 4');
  });

  test('has no value once it could not be measured, since an old one would pass for a new one', async () => {
    plums.showBacklog(measured());
    pears.showBacklog(measured({ workers: 1 }));
    plums.showBacklog(undefined);
    const left = await valuesOf(/^vachan_(?:backlog|lanes|inference_workers|dead_letter)/);
    expect(left).toHaveLength(7);
    for (const line of left) expect(line).toContain('pipeline="pears"');
  });

  test('per task counts all queues, and with nobody there falls to one', () => {
    const [queue] = measured().queues;
    expect(backlogPerTask(measured({ queues: [queue!, queue!] }))).toBe(200);
    expect(backlogPerTask(measured({ workers: 0 }))).toBe(300);
  });
});

test('labels hold names of queues, never their addresses', async () => {
  plums.sent(QUEUE_URL, 10);
  plums.received(QUEUE_URL, 10, [1_000], 3_000);
  plums.processed(QUEUE_URL, 1);
  plums.showBacklog(measured());
  const text = await page();
  expect(text).toContain('messaging_destination_name="fruit"');
  expect(text).not.toContain('123456789012');
});

test('a clock that is behind SQS’s makes no message younger than nothing', async () => {
  plums.received(QUEUE_URL, 1, [5_000], 3_000);
  expect(await page()).toContain('vachan_receive_age_seconds_sum{pipeline="plums"} 0');
});

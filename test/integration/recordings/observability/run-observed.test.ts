import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { SECRETS } from '../pipeline/discretion.js';
import { createInstallation, endLeftInstallations, SOURCE_COLLECTION } from '../pipeline/installation.js';
import { messageFor } from '../pipeline/recordings.js';
import { seed } from '../pipeline/seeded-rows.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { metricNames } from '../../../unit/infra/observability/observability-files.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';
import { scrape, type Scrape } from './scrape.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

const STORY_MS = 180_000;

let page: Scrape;
let receiver: OtlpReceiver;
let spans: readonly ReceivedSpan[];
let results: number;
let summary: DiscoverySummary;
let replays: () => Promise<void>;
let failedExports: unknown[];

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const installation = await createInstallation({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  const { planned } = await seed(installation, 24);
  // Other programs fill the queue too: without a trace, and with something that is none.
  const [foreign, broken] = planned.rows.filter(({ kind }) => kind === 'anomalous');
  await installation.send([foreign!]);
  await installation.sqs.send(
    new SendMessageCommand({
      QueueUrl: installation.queueUrl,
      MessageBody: JSON.stringify(messageFor(broken!, SOURCE_COLLECTION)),
      MessageAttributes: { traceparent: { DataType: 'String', StringValue: '00-not-a-trace' } },
    }),
  );
  const worker = await installation.worker();
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  summary = (await run.result()) as DiscoverySummary;
  page = await scrape(await worker.healthUrl());
  results = (await installation.results()).filter(
    ({ processing }) => processing.message_id !== 'seeded',
  ).length;
  const history = await run.fetchHistory();
  replays = () =>
    Worker.runReplayHistory(
      { workflowBundle: { codePath: join(projectRoot(), 'dist', 'workflow-bundle.js') } },
      history,
    );
  // What is left of the spans is sent when the worker stops.
  await installation.close();
  ({ spans } = receiver);
  failedExports = worker.of('trace_export_failed');
}, STORY_MS);
afterAll(async () => {
  await endLeftInstallations();
  await receiver.close();
});

const named = (name: string): ReceivedSpan[] => spans.filter((span) => span.name === name);
const startingWith = (start: string): ReceivedSpan[] => spans.filter(({ name }) => name.startsWith(start));
const byId = (spanId: string | undefined): ReceivedSpan | undefined =>
  spans.find((span) => span.spanId === spanId);

/** Names from a span up to its trace's root. */
function wayUp(span: ReceivedSpan | undefined): string[] {
  return span === undefined ? [] : [span.name, ...wayUp(byId(span.parentSpanId))];
}

const withoutQueue = (names: string[]): string[] => names.map((name) => name.replace(/ queue-\S+$/, ''));

describe('the trace of a run', () => {
  test('leads from the result of a record back through SQS to the discovery of its date', () => {
    const stored = named('upsert');
    const ways = new Set(stored.map((span) => withoutQueue(wayUp(span)).join(' < ')));
    expect(ways).toContain(
      [
        'upsert',
        'process',
        'create',
        'RunActivity:discoverPage',
        'StartActivity:discoverPage',
        'RunWorkflow:discoveryWorkflow',
      ].join(' < '),
    );
    expect(stored).toHaveLength(results);
  });

  test('arrives whole', () => {
    expect(failedExports).toEqual([]);
    expect(
      spans.filter(({ parentSpanId }) => byId(parentSpanId) === undefined).map(({ name }) => name),
    ).toEqual(['RunWorkflow:discoveryWorkflow']);
  });

  test('is one: discovery, batches and records share it', () => {
    const ids = new Set(spans.map(({ traceId }) => traceId));
    expect(ids.size).toBe(1);
    expect(withoutQueue(wayUp(named('RunActivity:processBatch')[0])).at(-1)).toBe(
      'RunWorkflow:discoveryWorkflow',
    );
  });

  test('has a span for each row that was sent and each delivery that was processed', () => {
    expect(startingWith('create ')).toHaveLength(summary.discovery.enqueued);
    const processed = startingWith('process ');
    expect(processed.every(({ kind }) => kind === 5)).toBe(true);
    expect(processed.map(({ attributes }) => attributes['vachan.outcome']).sort()).toEqual(
      Object.entries(summary.outcomes)
        .flatMap(([outcome, count]) => (outcome === 'malformed' ? [] : Array<string>(count).fill(outcome)))
        .sort(),
    );
  });

  test.each(['download', 'decode', 'features', 'score', 'upsert'])(
    'shows the stage %s of a record, linked to the batch’s own',
    (stage) => {
      const ofStage = named(stage);
      expect(ofStage.length).toBeGreaterThan(0);
      for (const span of ofStage) {
        expect(wayUp(span)[1]).toMatch(/^process /);
        expect(span.links.map(({ spanId }) => byId(spanId)?.name)[0]).toMatch(/^RunActivity:/);
      }
    },
  );

  test('links a batch to its records and its records to it, and a send to what it sent', () => {
    const [batch] = named('RunActivity:receiveBatch').filter(({ links }) => links.length > 0);
    const record = byId(batch?.links[0]?.spanId);
    expect(record?.name).toMatch(/^process /);
    expect(record?.links.map(({ spanId }) => spanId)).toContain(batch?.spanId);
    const send = startingWith('send ')[0];
    expect(send?.links.map(({ spanId }) => byId(spanId)?.name)[0]).toMatch(/^create /);
  });

  test('goes on in the batch for messages that carry no trace, or something that is none', () => {
    const foreign = startingWith('process ').filter(({ parentSpanId }) =>
      byId(parentSpanId)?.name.startsWith('RunActivity:receiveBatch'),
    );
    expect(foreign.length).toBeGreaterThanOrEqual(2);
  });

  test('names the cause of what failed', () => {
    const failed = startingWith('process ').filter(
      ({ attributes }) => attributes['vachan.outcome'] === 'failed_pre_inference',
    );
    expect(failed.length).toBeGreaterThan(0);
    for (const span of failed) {
      expect(span.status).toBe(2);
      expect(span.attributes['error.type']).toMatch(/^Audio[A-Z]/);
    }
  });

  test('holds nothing of a child, and no address of audio', () => {
    const text = receiver.text();
    expect(text).toContain('discoverPage');
    for (const secret of [...SECRETS, 's3://', 'samples/', 'uploads/']) expect(text).not.toContain(secret);
  });

  test('says which service made it', () => {
    expect(spans[0]?.resource).toMatchObject({ 'service.name': 'vachan', 'vachan.service_mode': 'all' });
  });

  test('leaves a history that workers without tracing go on with', async () => {
    await expect(replays()).resolves.toBeUndefined();
  });
});

describe('the metrics of a whole run', () => {
  test('agree with each other and with the results', () => {
    expect(page.value('vachan_deliveries_total', { outcome: 'completed' })).toBe(results);
    expect(page.value('vachan_record_failures_total')).toBe(
      page.value('vachan_deliveries_total', { outcome: 'failed_pre_inference' }),
    );
    expect(page.value('messaging_client_consumed_messages_total')).toBe(
      page.value('vachan_deliveries_total'),
    );
    expect(page.value('messaging_client_sent_messages_total')).toBe(
      page.value('vachan_discovery_rows_total', { result: 'enqueued' }),
    );
    expect(page.value('vachan_receive_age_seconds_count')).toBe(
      page.value('messaging_client_consumed_messages_total') -
        page.value('vachan_retries_total', { operation: 'delivery' }),
    );
    expect(page.value('vachan_open_batches')).toBe(0);
  });

  test.each(['receive', 'screen', 'download', 'features', 'score', 'upsert', 'acknowledge'])(
    'tell how long the stage %s takes',
    (stage) => {
      expect(page.value('vachan_batch_stage_duration_seconds_count', { stage })).toBeGreaterThan(0);
    },
  );

  test('show the backlog, who works on it, and the pool', () => {
    expect(page.value('vachan_inference_workers')).toBe(1);
    expect(page.samples('vachan_backlog_messages')).toHaveLength(3);
    expect(page.samples('vachan_backlog_per_task')).toHaveLength(1);
    expect(page.samples('vachan_lanes')).toHaveLength(1);
    expect(page.samples('vachan_dead_letter_messages')).toHaveLength(1);
    expect(page.value('vachan_audio_pool_processes')).toBe(1);
    expect(page.value('vachan_audio_pool_resident_memory_bytes')).toBeGreaterThan(50e6);
  });

  test('hold those of Temporal’s SDK on the same page, no family twice', () => {
    expect(page.value('temporal_workflow_completed_total', { workflow_type: 'discoveryWorkflow' })).toBe(1);
    const declared = page.text.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('are all that the dashboard and the alert rules ask for', () => {
    const missing = metricNames('recordings').filter((name) => !page.names.has(name));
    expect(missing).toEqual([]);
  });

  test('have labels from short lists: no id of a process, batch or child', () => {
    expect(page.samples('temporal_num_pollers', { task_queue: 'host' })).toHaveLength(1);
    expect(page.text).not.toMatch(/-host-|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|s3:\/\/|https?:\/\//);
  });
});

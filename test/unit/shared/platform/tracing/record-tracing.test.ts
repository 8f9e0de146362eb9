import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { filterBatches } from '../../../../../src/platform/tracing/batch-filter.js';
import {
  createRecordTracing,
  type RecordTracing,
  type TracedDelivery,
} from '../../../../../src/platform/tracing/record-tracing.js';
import { isSampled } from '../../../../../src/platform/tracing/record-sampling.js';

const QUEUE_URL = 'https://sqs.ap-south-1.amazonaws.com/123456789012/recordings';
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [filterBatches(new SimpleSpanProcessor(exporter), 0.5, ['crate:'])],
});
const tracer = provider.getTracer('test');
beforeAll(() => provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() }));
beforeEach(() => exporter.reset());

const tracing = (ratio = 1): RecordTracing => createRecordTracing(tracer, ratio);
const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const delivery = (traceparent?: string): TracedDelivery => ({
  ...{ queueUrl: QUEUE_URL, messageId: 'm1', receiveCount: 1, traceId: 't1', batchId: 'b1' },
  traceparent,
});

/** What went with the messages of these records. */
async function carried(ratio: number, ids: readonly string[]): Promise<Readonly<Record<string, string>>[]> {
  return tracing(ratio).sending(QUEUE_URL, ids, (attributes) => Promise.resolve([...attributes]));
}

describe('the trace of a record', () => {
  test('travels with its message and goes on where it is received', async () => {
    const [attributes] = await carried(1, ['t1']);
    tracing().received(delivery(attributes?.['traceparent']))?.end('completed');
    const [created, , processed] = spans();
    expect(created?.name).toBe('create recordings');
    expect(processed?.name).toBe('process recordings');
    expect(processed?.parentSpanId).toBe(created?.spanContext().spanId);
    expect(processed?.attributes).toMatchObject({
      'messaging.system': 'aws_sqs',
      'vachan.outcome': 'completed',
    });
  });

  test.each(['', 'garbage', '00-not-a-trace', '00-00000000000000000000000000000000-0000000000000000-01'])(
    'joins the batch’s when the message carries %p',
    (traceparent) => {
      const batch = tracer.startSpan('batch');
      context.with(trace.setSpan(context.active(), batch), () =>
        tracing().received(delivery(traceparent))?.end('completed'),
      );
      expect(spans()[0]?.parentSpanId).toBe(batch.spanContext().spanId);
    },
  );

  test('ends once, with the first word on its outcome', () => {
    const record = tracing().received(delivery());
    record?.end('failed_pre_inference', 'AudioNotFound');
    record?.end('returned');
    record?.stage('upsert', 0, 1);
    expect(spans()).toHaveLength(1);
    expect(spans()[0]?.attributes).toMatchObject({
      'vachan.outcome': 'failed_pre_inference',
      'error.type': 'AudioNotFound',
    });
  });

  test('is left out by the ratio, at both ends alike', async () => {
    const ids = Array.from({ length: 400 }, (_value, index) => `record-${index}`);
    const sent = await carried(0.25, ids);
    const traced = ids.filter((_id, index) => sent[index]?.['traceparent'] !== undefined);
    expect(traced.length).toBeGreaterThan(50);
    expect(traced.length).toBeLessThan(150);
    const received = ids.filter(
      (traceId) => tracing(0.25).received({ ...delivery(), traceId }) !== undefined,
    );
    expect(received).toEqual(traced);
  });

  test('tells of a sending that failed', async () => {
    const failing = tracing().sending(QUEUE_URL, ['t1'], () => Promise.reject(new Error('SQS is away')));
    await expect(failing).rejects.toThrow('SQS is away');
    expect(spans().find(({ name }) => name === 'send recordings')?.status.code).toBe(2);
  });
});

test('spans of batches are left out by the ratio, those of runs never', () => {
  const kept = (workflowId: string, runId: string): boolean => {
    exporter.reset();
    tracer.startSpan('x', { attributes: { temporalWorkflowId: workflowId, run_id: runId } }).end();
    return spans().length === 1;
  };
  for (let run = 0; run < 40; run++) {
    expect(kept('crate:date:000001', `run-${run}`)).toBe(isSampled(`run-${run}`, 0.5));
    expect(kept('discovery:students:2025-12-20', `run-${run}`)).toBe(true);
  }
});

test('a ratio of 0 keeps nothing, one of 1 everything', () => {
  expect(isSampled('any', 0)).toBe(false);
  expect(isSampled('any', 1)).toBe(true);
});

import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';
import { startOtlpReceiver } from '../../recordings/observability/otlp-receiver.js';
import { vachan } from './run-vachan.js';

// A busy machine takes seconds to start a process.
jest.setTimeout(120_000);

/** What Temporal's interceptors put the trace's context under. */
const TRACE_HEADER = '_tracer-data';

test('where traces are wanted, `vachan start` opens the trace that the run goes on with', async () => {
  const receiver = await startOtlpReceiver();
  const collection = freshName('source');
  const workflowId = `discovery:${collection}:2025-12-20`;
  const { code } = await vachan(['start', '2025-12-20', '--detach'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    MONGO_SOURCE_COLLECTION: collection,
    TASK_QUEUE: freshName('nobody'),
  });
  expect(code).toBe(0);

  // Only the start makes a span, which is sent before the command ends.
  expect(receiver.spans.map(({ name }) => name)).toEqual(['StartWorkflow:discoveryWorkflow']);
  const [span] = receiver.spans;
  expect(span?.attributes['temporalWorkflowId']).toBe(workflowId);
  expect(span?.resource).toMatchObject({ 'service.name': 'vachan', 'vachan.service_mode': 'command' });
  await receiver.close();

  const { address, namespace } = temporalEndpoints();
  const connection = await Connection.connect({ address });
  const run = new Client({ connection, namespace }).workflow.getHandle(workflowId);
  const { events } = await run.fetchHistory();
  const header = events?.[0]?.workflowExecutionStartedEventAttributes?.header?.fields?.[TRACE_HEADER];
  const { traceparent } = defaultPayloadConverter.fromPayload<{ traceparent: string }>(header ?? {});
  expect(traceparent.split('-').slice(1, 3)).toEqual([span?.traceId, span?.spanId]);
  await run.terminate();
  await connection.close();
});

test('a collector that is away costs the trace and a line, not the start', async () => {
  const receiver = await startOtlpReceiver();
  await receiver.close();
  const collection = freshName('source');
  const { code, stderr } = await vachan(['start', '2025-12-20', '--detach'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    MONGO_SOURCE_COLLECTION: collection,
    TASK_QUEUE: freshName('nobody'),
  });
  expect(code).toBe(0);
  expect(stderr).toContain(`Started discovery:${collection}:2025-12-20`);

  const { address, namespace } = temporalEndpoints();
  const connection = await Connection.connect({ address });
  await new Client({ connection, namespace }).workflow
    .getHandle(`discovery:${collection}:2025-12-20`)
    .terminate();
  await connection.close();
});

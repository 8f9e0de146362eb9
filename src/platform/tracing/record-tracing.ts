import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { queueName } from '../text/queue-name.js';
import { isSampled } from './record-sampling.js';

/** Where a message carries its trace, as W3C Trace Context writes it. */
export const TRACEPARENT = 'traceparent';

/** A record whose processing is traced; every call after `end` is ignored. */
export interface RecordTrace {
  /** A stage that is over. Times are milliseconds since the epoch. */
  stage(name: string, startMs: number, endMs: number, errorType?: string): void;
  /** @param outcome one of the contract's, or `returned` for a message that went back to the queue */
  end(outcome: string, errorType?: string): void;
}

/** The spans of single records. Their attributes are ids of messages and batches, never anything of what they hold. */
export interface RecordTracing {
  /**
   * Sends messages under a span that links to one span a record; the spans' contexts go with the messages.
   *
   * @param traceIds the records' own `trace_id`s, in order
   * @param send gets the message attributes of each, empty for a record that is not traced
   */
  sending<T>(
    queueUrl: string,
    traceIds: readonly string[],
    send: (attributes: readonly Readonly<Record<string, string>>[]) => Promise<T>,
  ): Promise<T>;
  /**
   * A delivery that is about to be processed: goes on with the trace that its message carries, else with the batch's.
   *
   * @returns undefined when the record is not traced
   */
  received(delivery: TracedDelivery): RecordTrace | undefined;
}

export interface TracedDelivery {
  queueUrl: string;
  messageId: string;
  receiveCount: number;
  traceId: string;
  batchId: string;
  /** As the message has it: anybody may have written it. */
  traceparent: string | undefined;
}

/** @param ratio share of the records that are traced */
export function createRecordTracing(tracer: Tracer, ratio: number): RecordTracing {
  return {
    async sending(queueUrl, traceIds, send) {
      const attributes = messaging(queueUrl, 'send');
      const created = traceIds.map((traceId) =>
        isSampled(traceId, ratio) ? create(tracer, queueUrl, traceId) : undefined,
      );
      const links = created.filter((span) => span !== undefined).map(linkTo);
      const options = { kind: SpanKind.CLIENT, attributes, links };
      return tracer.startActiveSpan(`send ${queueName(queueUrl)}`, options, async (span) => {
        try {
          return await send(created.map(carrierOf));
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
    },

    received(delivery) {
      if (!isSampled(delivery.traceId, ratio)) return undefined;
      const batch = trace.getActiveSpan();
      const carried = contextOf(delivery.traceparent);
      const span = tracer.startSpan(
        `process ${queueName(delivery.queueUrl)}`,
        {
          kind: SpanKind.CONSUMER,
          attributes: {
            ...messaging(delivery.queueUrl, 'process'),
            'messaging.message.id': delivery.messageId,
            'vachan.receive_count': delivery.receiveCount,
            'vachan.trace_id': delivery.traceId,
            'vachan.batch_id': delivery.batchId,
          },
          links: batch === undefined ? [] : [linkTo(batch)],
        },
        carried ?? context.active(),
      );
      batch?.addLink(linkTo(span));
      return recordTrace(tracer, span);
    },
  };
}

function recordTrace(tracer: Tracer, span: Span): RecordTrace {
  const parent = trace.setSpan(ROOT_CONTEXT, span);
  let ended = false;
  return {
    stage(name, startMs, endMs, errorType) {
      if (ended) return;
      // The batch's own span of the stage, which works on other records too.
      const batch = trace.getActiveSpan();
      const links = batch === undefined ? [] : [linkTo(batch)];
      const stage = tracer.startSpan(name, { startTime: startMs, links }, parent);
      if (errorType !== undefined) fail(stage, errorType);
      stage.end(endMs);
    },
    end(outcome, errorType) {
      if (ended) return;
      ended = true;
      span.setAttribute('vachan.outcome', outcome);
      if (errorType !== undefined) fail(span, errorType);
      span.end();
    },
  };
}

function create(tracer: Tracer, queueUrl: string, traceId: string): Span {
  const attributes = { ...messaging(queueUrl, 'create'), 'vachan.trace_id': traceId };
  const span = tracer.startSpan(`create ${queueName(queueUrl)}`, { kind: SpanKind.PRODUCER, attributes });
  span.end();
  return span;
}

function carrierOf(span: Span | undefined): Record<string, string> {
  const carrier: Record<string, string> = {};
  if (span !== undefined) propagation.inject(trace.setSpan(ROOT_CONTEXT, span), carrier);
  const traceparent = carrier[TRACEPARENT];
  return traceparent === undefined ? {} : { [TRACEPARENT]: traceparent };
}

/** What a message carries, unless it carries nothing or something else. */
function contextOf(traceparent: string | undefined): Context | undefined {
  if (traceparent === undefined) return undefined;
  const carried = propagation.extract(ROOT_CONTEXT, { [TRACEPARENT]: traceparent });
  return trace.getSpanContext(carried) === undefined ? undefined : carried;
}

function linkTo(span: Span): Link {
  return { context: span.spanContext() };
}

function fail(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function messaging(queueUrl: string, operation: string): Attributes {
  return {
    'messaging.system': 'aws_sqs',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': queueName(queueUrl),
  };
}

import {
  OpenTelemetryActivityInboundInterceptor,
  makeWorkflowExporter,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry/lib/workflow/definitions.js';
import type { Logger } from '../logging/logger.js';
import { createRecordTracing, type RecordTracing } from './record-tracing.js';
import { startSpanExport } from './span-export.js';

export interface TracingOptions {
  /** Base address of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  endpoint: string;
  /** Share of the records, and of the batches, whose spans are kept. */
  ratio: number;
  /** What the workflow ids of batches start with. */
  batchIdStarts: readonly string[];
  serviceMode: string;
  version: string;
  log: Logger;
}

/** Tracing while it is on. */
export interface Tracing {
  records: RecordTracing;
  /** For Temporal workers: spans of activities, and the way out for those of workflows. */
  interceptors: WorkerInterceptors;
  sinks: InjectedSinks<OpenTelemetrySinks>;
  /** Sends what is left, and gives up soon when nobody takes it. */
  stop(): Promise<void>;
}

/** Starts tracing in this worker, once. */
export function startTracing({ serviceMode, version, log, ...options }: TracingOptions): Tracing {
  const { provider, processor, resource, stop } = startSpanExport({
    ...options,
    attributes: { 'service.version': version, 'vachan.service_mode': serviceMode },
    onFailure: (message) => log.warn('trace_export_failed', { message }),
  });
  const workflowSpans = makeWorkflowExporter(processor, resource).export;
  return {
    records: createRecordTracing(provider.getTracer('vachan'), options.ratio),
    interceptors: {
      activity: [(activity) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(activity) })],
    },
    sinks: {
      exporter: {
        export: {
          // The interceptor would put all that is known of the workflow into every span.
          fn: ({ workflowId, runId, workflowType }, spans) =>
            workflowSpans.fn(
              { temporalWorkflowId: workflowId, run_id: runId, workflowType } as unknown as Parameters<
                typeof workflowSpans.fn
              >[0],
              spans,
            ),
        },
      },
    },
    stop,
  };
}

import { DiagLogLevel, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { Resource, detectResourcesSync, envDetectorSync } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  OpenTelemetryActivityInboundInterceptor,
  makeWorkflowExporter,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry/lib/workflow/definitions.js';
import type { Logger } from '../logging/logger.js';
import { filterBatches } from './batch-filter.js';
import { createRecordTracing, type RecordTracing } from './record-tracing.js';

export interface TracingOptions {
  /** Base address of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  endpoint: string;
  /** Share of the records, and of the batches, whose spans are kept. */
  ratio: number;
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

/** Spans that wait to be sent; beyond it they are dropped. A batch of 1,000 traced records leaves 7,000 at once. */
const MAX_QUEUED_SPANS = 16_384;
/** A collector that is away must not hold up a drained process. */
const STOP_TIMEOUT_MS = 3_000;
/** A collector that is away fails every few seconds; once a minute says as much. */
const REPORT_FAILURE_EVERY_MS = 60_000;

/**
 * Starts tracing in this process, once. OpenTelemetry's own variables for headers, sampler and resource attributes
 * (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, …) hold.
 */
export function startTracing({ endpoint, ratio, serviceMode, version, log }: TracingOptions): Tracing {
  reportFailures(log);
  const own = { 'service.name': 'vachan', 'service.version': version, 'vachan.service_mode': serviceMode };
  const fromEnvironment = detectResourcesSync({ detectors: [envDetectorSync] }).attributes;
  const resource = new Resource({ ...own, ...fromEnvironment });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    // Sent every few seconds: a connection that the collector closes in between costs the spans of one sending.
    keepAlive: false,
  });
  const processor = filterBatches(
    new BatchSpanProcessor(exporter, { maxQueueSize: MAX_QUEUED_SPANS }),
    ratio,
  );
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() });

  const workflowSpans = makeWorkflowExporter(processor, resource).export;
  return {
    records: createRecordTracing(provider.getTracer('vachan'), ratio),
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
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function reportFailures(log: Logger): void {
  let silentUntil = 0;
  const report = (message: string): void => {
    if (Date.now() < silentUntil) return;
    silentUntil = Date.now() + REPORT_FAILURE_EVERY_MS;
    log.warn('trace_export_failed', { message: messageOf(message) });
  };
  const silent = (): void => undefined;
  diag.setLogger(
    { error: report, warn: report, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** OpenTelemetry reports an error as its JSON, stack and all. */
function messageOf(report: string): string {
  try {
    const { message = report } = JSON.parse(report) as { message?: string };
    return message;
  } catch {
    return report;
  }
}

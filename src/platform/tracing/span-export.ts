import { DiagLogLevel, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { Resource, detectResourcesSync, envDetectorSync } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { within } from '../time/within.js';
import { filterBatches } from './batch-filter.js';

export interface SpanExportOptions {
  /** Base address of an OTLP/HTTP receiver; spans go to `/v1/traces` below it. */
  endpoint: string;
  /** Share of the batches whose spans are kept. */
  ratio: number;
  /** What the workflow ids of batches start with. */
  batchIdStarts: readonly string[];
  /** What this process is, beside OpenTelemetry's own `OTEL_SERVICE_NAME` and resource attributes. */
  attributes: Readonly<Record<string, string>>;
  /** Told once a minute at the most that spans do not get through. */
  onFailure: (message: string) => void;
}

/** The way out for this process's spans. */
export interface SpanExport {
  provider: BasicTracerProvider;
  processor: SpanProcessor;
  resource: Resource;
  /** Sends what is left, and gives up soon when nobody takes it. */
  stop: () => Promise<void>;
}

/** Spans that wait to be sent; beyond it they are dropped. A batch of 1,000 traced records leaves 7,000 at once. */
const MAX_QUEUED_SPANS = 16_384;
/** A collector that is away must not hold up a drained process. */
const STOP_TIMEOUT_MS = 3_000;
/** A collector that is away fails every few seconds; once a minute says as much. */
const REPORT_FAILURE_EVERY_MS = 60_000;

/**
 * Makes this process's tracer, once. OpenTelemetry's own variables for headers, sampler and resource attributes
 * (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, …) hold.
 */
export function startSpanExport({
  endpoint,
  ratio,
  batchIdStarts,
  attributes,
  onFailure,
}: SpanExportOptions): SpanExport {
  reportFailures(onFailure);
  const fromEnvironment = detectResourcesSync({ detectors: [envDetectorSync] }).attributes;
  const resource = new Resource({ 'service.name': 'vachan', ...attributes, ...fromEnvironment });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    // Sent every few seconds: a connection that the collector closes in between costs the spans of one sending.
    keepAlive: false,
  });
  const processor = filterBatches(
    new BatchSpanProcessor(exporter, { maxQueueSize: MAX_QUEUED_SPANS }),
    ratio,
    batchIdStarts,
  );
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() });
  return {
    provider,
    processor,
    resource,
    async stop() {
      const stopped = provider.shutdown().catch(() => undefined);
      await within(STOP_TIMEOUT_MS, stopped, () => undefined);
    },
  };
}

function reportFailures(tell: (message: string) => void): void {
  let silentUntil = -Infinity;
  const report = (message: string): void => {
    if (performance.now() < silentUntil) return;
    silentUntil = performance.now() + REPORT_FAILURE_EVERY_MS;
    tell(messageOf(message));
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

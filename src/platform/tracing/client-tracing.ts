import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import { startSpanExport } from './span-export.js';

export interface ClientTracingOptions {
  /** Base address of an OTLP/HTTP receiver. */
  endpoint: string;
  version: string;
  /** Told when spans do not get through. */
  onFailure: (message: string) => void;
}

/** Tracing of a command. */
export interface ClientTracing {
  interceptor: WorkflowClientInterceptor;
  /** Sends what is left, and gives up soon when nobody takes it. */
  stop(): Promise<void>;
}

/**
 * A span for each run that this process starts, from which the run's own trace goes on. Looking at runs makes none: a command that
 * waits for a run would tell of nothing else.
 */
export function startClientTracing({ endpoint, version, onFailure }: ClientTracingOptions): ClientTracing {
  const { provider, stop } = startSpanExport({
    endpoint,
    ratio: 1,
    batchIdStarts: [],
    attributes: { 'service.version': version, 'vachan.service_mode': 'command' },
    onFailure,
  });
  const theirs = new OpenTelemetryWorkflowClientInterceptor({ tracer: provider.getTracer('vachan') });
  return {
    interceptor: { startWithDetails: (input, next) => theirs.startWithDetails(input, next) },
    stop,
  };
}

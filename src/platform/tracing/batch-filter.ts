import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { isSampled } from './record-sampling.js';

/** Attributes by which Temporal's interceptors say whose span it is. */
const WORKFLOW_ID = 'temporalWorkflowId';
const RUN_ID = 'run_id';
/** Start of every batch's workflow id. */
const BATCH_PREFIX = 'inference:';

/**
 * Leaves out the spans of batches that are not sampled: a night has thousands of batches with some twenty spans each, all
 * in the trace of their run, and most stores give up on such a trace. The run's own spans always pass.
 */
export function filterBatches(next: SpanProcessor, ratio: number): SpanProcessor {
  return {
    onStart: (span: Span, parent) => next.onStart(span, parent),
    onEnd(span: ReadableSpan) {
      const workflowId = span.attributes[WORKFLOW_ID];
      const runId = span.attributes[RUN_ID];
      const ofBatch = typeof workflowId === 'string' && workflowId.startsWith(BATCH_PREFIX);
      if (ofBatch && typeof runId === 'string' && !isSampled(runId, ratio)) return;
      next.onEnd(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}

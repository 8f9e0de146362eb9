import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { isSampled } from './record-sampling.js';

/** Attributes by which Temporal's interceptors say whose span it is. */
const WORKFLOW_ID = 'temporalWorkflowId';
const RUN_ID = 'run_id';

/**
 * Leaves out the spans of batches that are not sampled: a run may have thousands of batches with some twenty spans
 * each, all in its trace, and most stores give up on such a trace. The run's own spans always pass.
 *
 * @param batchIdStarts what the workflow ids of batches start with
 */
export function filterBatches(
  next: SpanProcessor,
  ratio: number,
  batchIdStarts: readonly string[],
): SpanProcessor {
  return {
    onStart: (span: Span, parent) => next.onStart(span, parent),
    onEnd(span: ReadableSpan) {
      const workflowId = span.attributes[WORKFLOW_ID];
      const runId = span.attributes[RUN_ID];
      const ofBatch =
        typeof workflowId === 'string' && batchIdStarts.some((start) => workflowId.startsWith(start));
      if (ofBatch && typeof runId === 'string' && !isSampled(runId, ratio)) return;
      next.onEnd(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}

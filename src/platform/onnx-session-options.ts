import type { InferenceSession } from './onnx-runtime.js';

/**
 * One thread, so that a pool with a process per core does not run cores² of them; without a thread pool there is nothing that
 * could spin between runs.
 */
export const ONE_THREAD_SESSION: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // Errors only: warnings about optimisations would reach the worker's log as lines that are no JSON.
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
};

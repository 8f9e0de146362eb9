import { InvalidInput } from '../platform/errors.js';

/**
 * Thrown when a queue refuses a call: no such queue, access denied, keys refused. A person must look, and a command says so at once;
 * but policies, keys and clocks are put right without anybody changing the input, so a run under way waits.
 */
export class QueueRefused extends InvalidInput {
  override readonly retryable = true;
}

import type {
  DeadLetterOptions,
  DeadLetterPresentation,
  DeadLetterSource,
  DeadLetterView,
} from '../../commands/dead-letters/dead-letter-view.js';
import type { CliContext } from '../../commands/context.js';
import { InvalidInput } from '../../platform/errors.js';
import type { DeadLetterQueue } from '../../queue/dead-letter-queue.js';
import type { MessageQueue } from '../../queue/message-queue.js';

/** A queue, its dead-letter queue, and how the messages there are read. */
export interface OpenMessages extends Pick<DeadLetterSource, 'view'> {
  queue: MessageQueue;
  dead: DeadLetterQueue;
  /** Whether a person's filters choose it. */
  chosen: (view: DeadLetterView) => boolean;
}

/**
 * Opens the dead-letter queue of the queue that the options name.
 *
 * @throws InvalidInput when the queue has none, or something that the options name is not there
 */
export async function withMessages<T>(
  context: CliContext,
  presentation: DeadLetterPresentation,
  options: DeadLetterOptions,
  work: (messages: OpenMessages) => Promise<T>,
): Promise<T> {
  const { url, region, fifoGroupId, view, chosen } = await presentation.open(context, options);
  const { reason } = options;
  const open = await context.openDeadLetters({ url, region, fifoGroupId });
  try {
    if (open.dead === undefined) {
      throw new InvalidInput(`${url} has no dead-letter queue: its RedrivePolicy names none.`);
    }
    return await work({
      queue: open.queue,
      dead: open.dead,
      view,
      chosen: (one) =>
        chosen(one) && (reason === undefined || one.cause.toLowerCase() === reason.toLowerCase()),
    });
  } finally {
    open.close();
  }
}

/** Messages by cause, the most frequent first. */
export function countCauses(views: readonly DeadLetterView[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { cause } of views) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

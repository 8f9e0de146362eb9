import { redriveMessages } from '../../queue/redrive.js';
import {
  peekDeadLetterQueue,
  sweepDeadLetterQueue,
  type DeadLetterMessage,
} from '../../queue/sweep-dead-letter-queue.js';
import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { count } from '../../commands/words.js';
import type {
  DeadLetterOptions,
  DeadLetterPresentation,
  DeadLetterView,
} from '../../commands/dead-letters/dead-letter-view.js';
import { countCauses, withMessages, type OpenMessages } from './open-messages.js';

export interface RedriveOptions extends DeadLetterOptions {
  dryRun?: boolean;
}

/** Sends the chosen messages to their queue again, each deleted only once its copy is there. */
export function sendMessagesAgain(
  context: CliContext,
  presentation: DeadLetterPresentation,
  options: RedriveOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  return withMessages(context, presentation, options, async (letters) => {
    const { queue, dead, view, chosen } = letters;
    if (options.dryRun === true) {
      const views = (await choose(letters, options)).filter(isSendable);
      tell(context, options, { would_send: views.length, causes: countCauses(views) }, [
        `${count(views.length, 'dead-letter message')} would go to ${queue.url} again${causesText(views)}.`,
      ]);
      return EXIT.ok;
    }
    const leaving = new AbortController();
    const stopListening = context.onInterrupt(() => leaving.abort());
    try {
      const report = await redriveMessages(
        { from: dead.queue, to: queue },
        {
          limit: options.limit,
          accept: (letter: DeadLetterMessage) => isSendable(view(letter)) && chosen(view(letter)),
          startedAt: context.now(),
          signal: leaving.signal,
        },
      );
      const { sent, looked, notDeleted, refused } = report;
      for (const { messageId, reason } of refused) terminal.err(`${messageId}: not sent: ${reason}`);
      const refusedIds = refused.map(({ messageId: message_id, reason }) => ({ message_id, reason }));
      tell(context, options, { sent, looked_at: looked, not_deleted: notDeleted, not_sent: refusedIds }, [
        `${count(sent, 'dead-letter message')} of ${looked} sent to ${queue.url} again.`,
        ...(notDeleted > 0
          ? [`${notDeleted} of them may show in the dead-letter queue once more; ${presentation.sentTwice}.`]
          : []),
        ...(sent > 0 ? [presentation.afterRedrive] : []),
      ]);
      if (leaving.signal.aborted) return EXIT.stopped;
      return refused.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      stopListening();
    }
  });
}

export interface PurgeOptions extends DeadLetterOptions {
  yes?: boolean;
}

/** Deletes the chosen messages for good, after asking. */
export function purgeMessages(
  context: CliContext,
  presentation: DeadLetterPresentation,
  options: PurgeOptions,
): Promise<ExitCode> {
  return withMessages(context, presentation, options, async (letters) => {
    const { dead, view, chosen } = letters;
    const askedAtMs = context.now().getTime();
    const views = await choose(letters, options);
    if (views.length === 0) {
      tell(context, options, { deleted: 0 }, ['There is nothing to delete.']);
      return EXIT.ok;
    }
    const behind = dead.queue.isFifo ? ', and what stands behind in their message groups,' : '';
    const question = `Delete ${count(views.length, 'dead-letter message')}${behind} of ${dead.queue.url} for good${causesText(views)}?`;
    if (options.yes !== true && !(await context.confirm(question))) {
      context.terminal.err('Nothing was deleted.');
      return EXIT.stopped;
    }
    // What arrived after the question was not agreed to. A FIFO queue shows the first letters of a group only, and the next ones
    // once those are gone: they were there when it was asked.
    const agreed = new Set(views.map(({ message_id }) => message_id));
    const stoodBehind = ({ sentAtMs }: DeadLetterMessage): boolean =>
      dead.queue.isFifo && sentAtMs !== undefined && sentAtMs <= askedAtMs;
    const { deleted, notDeleted } = await sweepDeadLetterQueue(
      dead.queue,
      { limit: options.limit },
      (some: readonly DeadLetterMessage[]) =>
        Promise.resolve(
          some.filter(
            (letter) => (agreed.has(letter.messageId) || stoodBehind(letter)) && chosen(view(letter)),
          ),
        ),
    );
    tell(context, options, { deleted, not_deleted: notDeleted }, [
      `${count(deleted, 'dead-letter message')} deleted.`,
    ]);
    return deleted >= views.length ? EXIT.ok : EXIT.failed;
  });
}

/** A worker deletes what it cannot read; such a letter is kept for a person to look at. */
function isSendable({ content }: DeadLetterView): boolean {
  return content !== null;
}

async function choose(
  { dead, view, chosen }: OpenMessages,
  { limit }: DeadLetterOptions,
): Promise<DeadLetterView[]> {
  return (await peekDeadLetterQueue(dead.queue, limit)).map(view).filter(chosen);
}

function causesText(views: readonly DeadLetterView[]): string {
  const parts = Object.entries(countCauses(views)).map(([cause, letters]) => `${letters} ${cause}`);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function tell(
  { terminal }: CliContext,
  { json }: DeadLetterOptions,
  answer: Record<string, unknown>,
  lines: readonly string[],
): void {
  if (json === true) terminal.out(JSON.stringify(answer));
  else for (const line of lines) terminal.err(line);
}

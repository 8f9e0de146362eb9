import { InvalidInput } from '../../platform/errors.js';
import { PEEK_VISIBILITY_SECONDS, peekDeadLetterQueue } from '../../queue/sweep-dead-letter-queue.js';
import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { count } from '../../commands/words.js';
import { pairLines, tableLines } from '../../commands/terminal/table.js';
import type {
  DeadLetterOptions,
  DeadLetterPresentation,
  DeadLetterView,
} from '../../commands/dead-letters/dead-letter-view.js';
import { countCauses, withMessages } from './open-messages.js';

/** Lists the dead-letter messages that the filters choose, with their causes counted. */
export function listMessages(
  context: CliContext,
  presentation: DeadLetterPresentation,
  options: DeadLetterOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  return withMessages(context, presentation, options, async ({ queue, dead, view, chosen }) => {
    const before = await dead.queue.depth();
    const views = (await peekDeadLetterQueue(dead.queue, options.limit)).map(view).filter(chosen);
    const causes = countCauses(views);
    if (options.json === true) {
      terminal.out(
        JSON.stringify({
          queue_url: queue.url,
          dead_letter_queue_url: dead.queue.url,
          waiting: before.visible,
          being_looked_at: before.in_flight,
          causes,
          dead_letters: views.map((one) => toJson(one, presentation)),
        }),
      );
      return EXIT.ok;
    }
    if (views.length > 0) terminal.out(messageTable(views, presentation).join('\n'));
    const by = Object.entries(causes).map(([cause, letters]) => `${letters} ${cause}`);
    terminal.err(
      `${count(views.length, 'dead-letter message')} of ${before.visible} in ${dead.queue.url}${by.length > 0 ? `: ${by.join(', ')}` : ''}.`,
    );
    if (before.in_flight > 0) {
      terminal.err(
        `${before.in_flight} more are hidden by somebody else's look, and show again within ${PEEK_VISIBILITY_SECONDS} s.`,
      );
    }
    if (views.length > 0) {
      const same = options.pipeline === undefined ? '' : ` --pipeline ${options.pipeline}`;
      terminal.err(`One in full: vachan dlq show MESSAGE_ID${same}. Again: vachan dlq redrive${same}.`);
    }
    return EXIT.ok;
  });
}

function messageTable(views: readonly DeadLetterView[], { column }: DeadLetterPresentation): string[] {
  return tableLines(
    [
      { title: 'message_id' },
      { title: column },
      { title: 'tries', align: 'right' },
      { title: 'last failed at' },
      { title: 'cause' },
    ],
    views.map(({ message_id, content, failures, receive_count, failed_at, cause }) => [
      message_id,
      content?.[column] ?? '',
      String(failures.at(-1)?.receive_count ?? receive_count),
      failed_at ?? '',
      cause,
    ]),
  );
}

/**
 * Shows one message in full.
 *
 * @throws InvalidInput when the dead-letter queue does not hold it
 */
export function showMessage(
  context: CliContext,
  presentation: DeadLetterPresentation,
  messageId: string,
  options: DeadLetterOptions,
): Promise<ExitCode> {
  return withMessages(context, presentation, options, async ({ dead, view }) => {
    const letter = (await peekDeadLetterQueue(dead.queue, options.limit)).find(
      (one) => one.messageId === messageId,
    );
    if (letter === undefined) {
      throw new InvalidInput(
        `${dead.queue.url} shows no message ${messageId}; one that was just looked at shows again within ${PEEK_VISIBILITY_SECONDS} s.`,
      );
    }
    const found = view(letter);
    const { noun } = presentation;
    context.terminal.out(
      options.json === true
        ? JSON.stringify(toJson(found, presentation))
        : messageLines(found, noun).join('\n'),
    );
    return EXIT.ok;
  });
}

/** What it is about stands there under the pipeline's word for it. */
function toJson(
  { content, failures, ...view }: DeadLetterView,
  { noun }: DeadLetterPresentation,
): Record<string, unknown> {
  return { ...view, [noun]: content, failures };
}

function messageLines({ content, failures, ...letter }: DeadLetterView, noun: string): string[] {
  const tries = failures.map(
    ({ receive_count: attempt, processed_at: at, error }) => `${attempt}. ${at}  ${error}`,
  );
  return pairLines([
    ['message_id', letter.message_id],
    ['cause', letter.cause],
    ['sent_at', letter.sent_at ?? 'unknown'],
    ...(content === null
      ? [[noun, 'cannot be read: this is no message of Vachan’s'] as const]
      : Object.entries(content)),
    ['failures', tries.length > 0 ? tries.join('\n') : 'none in the CSV and logs that were read'],
  ]);
}

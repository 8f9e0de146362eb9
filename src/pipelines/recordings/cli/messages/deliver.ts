import { EXIT, type CliContext, type ExitCode } from '../../../../commands/context.js';
import { openMessageQueue } from './message-settings.js';
import { sendMessages, type LineMessage, type LineProblem, type SendTotals } from './send-messages.js';

export interface DeliveryOptions {
  queueUrl?: string;
  /** Show the messages instead of sending them. */
  dryRun?: boolean;
  json?: boolean;
}

/** What a command found out about its lines while it made the messages. */
export interface LineReport {
  /** For example the file's name. */
  from: string;
  problems: LineProblem[];
  /** Lines left out since an earlier one is the same recording. */
  duplicates: number;
}

/**
 * Sends messages, or shows them, and says what became of them. Lines that cannot be sent do not keep the others back.
 *
 * Exit code 1 when a line could not be sent.
 */
export async function deliver(
  context: CliContext,
  messages: AsyncIterable<LineMessage>,
  report: LineReport,
  options: DeliveryOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const { sent, refused } =
    options.dryRun === true ? await show(context, messages) : await send(context, options.queueUrl, messages);
  for (const { line, problem } of refused) terminal.err(`${report.from}:${line}: not sent: ${problem}`);
  const notSent = [...report.problems, ...refused];
  if (options.json === true && options.dryRun !== true) {
    terminal.out(
      JSON.stringify({ from: report.from, sent, duplicates: report.duplicates, not_sent: notSent }),
    );
  } else {
    const parts = [`${sent} ${options.dryRun === true ? 'would be sent' : 'sent'}`];
    if (report.duplicates > 0) parts.push(`${report.duplicates} left out as the same recording`);
    if (notSent.length > 0) parts.push(`${notSent.length} not usable`);
    terminal.err(`${parts.join(', ')}.`);
  }
  return notSent.length === 0 ? EXIT.ok : EXIT.failed;
}

async function show({ terminal }: CliContext, messages: AsyncIterable<LineMessage>): Promise<SendTotals> {
  let sent = 0;
  for await (const { body } of messages) {
    terminal.out(body);
    sent++;
  }
  return { sent, refused: [] };
}

async function send(
  context: CliContext,
  queueUrl: string | undefined,
  messages: AsyncIterable<LineMessage>,
): Promise<SendTotals> {
  const { queue, close } = await openMessageQueue(context, queueUrl);
  try {
    return await sendMessages(messages, queue);
  } finally {
    close();
  }
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { directCollection } from '../../contract/direct.js';
import { messageBody, parseMessage } from '../../contract/message.js';
import { resultDocumentId } from '../../contract/identity.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { recordingFifoIds } from '../../contract/fifo-ids.js';
import type { CliContext, ExitCode } from '../../../../commands/context.js';
import { completeMessage, type MessageRules } from './complete-message.js';
import { deliver, type DeliveryOptions, type LineReport } from './deliver.js';
import { messageRules } from './message-settings.js';
import type { LineMessage } from './send-messages.js';

export interface SeedOptions extends DeliveryOptions {
  count: number;
  audioUrl?: string[];
  messages?: string;
  testDate?: string;
}

/** Sends messages for trying out a worker: those of a file, or made-up ones that share the addresses given. */
export async function seedSqs(context: CliContext, options: SeedOptions): Promise<ExitCode> {
  const rules = messageRules(context, options.testDate);
  const report: LineReport = { from: options.messages ?? 'message', problems: [], duplicates: 0 };
  if (options.messages !== undefined) {
    const messages = givenMessages(context, options.messages, rules, report);
    return deliver(context, messages, report, options);
  }
  const { audioUrl = [] } = options;
  if (audioUrl.length === 0) {
    throw new InvalidInput('Give at least one --audio-url, or --messages with a file of messages.');
  }
  return deliver(context, syntheticMessages(context, audioUrl, options.count, rules), report, options);
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator, as the messages of a file are
async function* syntheticMessages(
  context: CliContext,
  urls: readonly string[],
  count: number,
  rules: MessageRules,
): AsyncGenerator<LineMessage> {
  // Another seeding makes other recordings, or a worker would skip them as scored already.
  const seeding = context.now().getTime().toString(36);
  for (let number = 1; number <= count; number++) {
    const id = `seed-${seeding}-${number}`;
    const completed = completeMessage(
      {
        audio_s3_url: urls[(number - 1) % urls.length]!,
        source_collection: directCollection(rules.defaults.source_collection),
        mongo_doc_id: id,
        student_id: id,
      },
      rules,
    );
    if (completed.problem !== undefined)
      throw new InvalidInput(`No message can be made: ${completed.problem}`);
    yield {
      line: number,
      body: messageBody(completed.message),
      ...recordingFifoIds(completed.message, completed.resultDocumentId, rules.sending),
    };
  }
}

async function* givenMessages(
  { terminal }: CliContext,
  path: string,
  rules: MessageRules,
  report: LineReport,
): AsyncGenerator<LineMessage> {
  let line = 0;
  for await (const body of linesOf(path)) {
    line++;
    if (body.trim() === '') continue;
    const parsed = parseMessage(body);
    if (!parsed.ok) {
      const problem = parsed.reason ?? parsed.notice;
      report.problems.push({ line, problem });
      terminal.err(`${path}:${line}: not sent: ${problem}`);
      continue;
    }
    const { message } = parsed;
    yield {
      line,
      body,
      ...recordingFifoIds(message, resultDocumentId(message, rules.resultIdBasis), rules.sending),
    };
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  } catch (cause) {
    throw new InvalidInput(`${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, {
      cause,
    });
  }
}

import type { Command } from 'commander';
import type { DeadLetterMessage } from '../../queue/sweep-dead-letter-queue.js';
import type { CliContext } from '../context.js';

/** A delivery that failed. */
export interface RecordedFailure {
  receive_count: number;
  /** `<error class>: <message>`. */
  error: string;
  processed_at: string;
}

/** The cause of messages whose failures nobody wrote down: lost hosts, or records that are elsewhere. */
export const UNRECORDED = 'unrecorded';
/** The cause of messages that are none of Vachan's. */
export const UNREADABLE = 'unreadable';

/** A dead-letter message as people may see it: no personal data, no query string, no body. */
export interface DeadLetterView {
  message_id: string;
  /** The class of its last failure, or {@link UNRECORDED}, or {@link UNREADABLE}. */
  cause: string;
  /** Its last failure in full. */
  error: string | null;
  receive_count: number;
  sent_at: string | null;
  failed_at: string | null;
  /** What it is about; null for one that cannot be read. */
  content: Readonly<Record<string, string>> | null;
  failures: readonly RecordedFailure[];
}

/** @param content what the message is about; null for one that cannot be read */
export function viewDeadLetter(
  { messageId, receiveCount, sentAtMs }: DeadLetterMessage,
  content: DeadLetterView['content'],
  failures: readonly RecordedFailure[],
): DeadLetterView {
  const last = failures.at(-1);
  const unknown = content === null ? UNREADABLE : UNRECORDED;
  return {
    message_id: messageId,
    cause: last === undefined ? unknown : last.error.split(':')[0]!.trim(),
    error: last?.error ?? null,
    receive_count: receiveCount,
    sent_at: sentAtMs === undefined ? null : new Date(sentAtMs).toISOString(),
    failed_at: last?.processed_at ?? null,
    content,
    failures,
  };
}

/** What every `dlq` command takes. */
export interface DeadLetterOptions {
  /** Whose messages they are, where there are several to choose from. */
  pipeline?: string;
  queueUrl?: string;
  /** A cause, compared without case. */
  reason?: string;
  limit: number;
  json?: boolean;
}

/** A queue whose dead-letter messages are meant, and how they are read. */
export interface DeadLetterSource {
  url: string;
  region: string;
  fifoGroupId: string | undefined;
  view: (message: DeadLetterMessage) => DeadLetterView;
  /** Whether the pipeline's own options choose it. */
  chosen: (view: DeadLetterView) => boolean;
}

/** How the dead-letter messages of a pipeline are presented. */
export interface DeadLetterPresentation {
  /** What a message is about, such as `recording`: its name in JSON. */
  noun: string;
  /** The field of it that lists show. */
  column: string;
  /** The setting that names the queue where no option does. */
  queueSetting: string;
  /** Where causes come from; a paragraph of the help. */
  about: string;
  /** An example cause, such as `ObjectNotFound`. */
  exampleCause: string;
  examples: Readonly<Record<'list' | 'redrive' | 'purge' | 'dlq', readonly string[]>>;
  /** What is said below a redrive: what becomes of a message that was sent twice, and what to do next. */
  sentTwice: string;
  afterRedrive: string;
  /** Options beyond {@link DeadLetterOptions}; their names differ from those of every other pipeline. */
  addOptions: (command: Command) => Command;
  /** @throws InvalidInput when something that the options name is not there */
  open: (context: CliContext, options: DeadLetterOptions) => Promise<DeadLetterSource>;
}

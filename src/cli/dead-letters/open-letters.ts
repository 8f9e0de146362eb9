import { existsSync } from 'node:fs';
import type { S3Client } from '@aws-sdk/client-s3';
import { S3_SETTINGS, type S3Settings } from '../../objects/s3-settings.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import { InvalidInput } from '../../platform/errors.js';
import type { DeadLetterQueue } from '../../queue/dead-letter-queue.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { DeadLetterMessage } from '../../queue/sweep-dead-letter-queue.js';
import { readCsvFailures, type FailureRecord } from '../../pipelines/recordings/results/csv/read-failures.js';
import type { CliContext } from '../../commands/context.js';
import { testDateOr } from '../../pipelines/recordings/cli/runs/run-target.js';
import { isChosen, viewDeadLetter, type DeadLetterView, type LetterFilter } from './dead-letter-view.js';
import { readLogFailures } from './log-failures.js';
import { pick } from '../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../pipelines/recordings/settings/index.js';

/** What every `dlq` command takes. */
export interface DlqOptions extends LetterFilter {
  queueUrl?: string;
  csv?: string;
  logs?: string[];
  limit: number;
  json?: boolean;
}

/** A queue, its dead-letter queue, and how its letters are read. */
export interface OpenLetters {
  queue: MessageQueue;
  dead: DeadLetterQueue;
  view: (letter: DeadLetterMessage) => DeadLetterView;
  chosen: (view: DeadLetterView) => boolean;
}

/** S3 keeps every batch's object; letters die in SQS after 14 days at the most, and their failures are no older. */
const OLDEST_FAILURE_DAYS = 15;
const MS_PER_DAY = 86_400_000;

/**
 * Opens the dead letters of the queue that the options name, and reads why they failed.
 *
 * @throws InvalidInput when the queue has no dead-letter queue, or a file that was named cannot be read
 */
export async function withLetters<T>(
  context: CliContext,
  options: DlqOptions,
  work: (letters: OpenLetters) => Promise<T>,
): Promise<T> {
  const environment = context.readEnvironment();
  const settings = loadSettings(
    environment,
    S3_SETTINGS,
    pick(RECORDINGS_SETTINGS, 'SQS_FIFO_GROUP_ID', 'RESULT_ID_BASIS', 'CSV_OUTPUT_PATH'),
  );
  const url =
    options.queueUrl ?? loadSettings(environment, pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL')).SQS_QUEUE_URL;
  const testDate = options.testDate === undefined ? undefined : testDateOr(options.testDate, environment);
  const filter: LetterFilter = { ...options, ...(testDate !== undefined && { testDate }) };

  const record = await readFailures(context, options, settings);
  const open = await context.openDeadLetters({
    url,
    region: settings.AWS_REGION,
    fifoGroupId: settings.SQS_FIFO_GROUP_ID,
  });
  try {
    if (open.dead === undefined) {
      throw new InvalidInput(`${url} has no dead-letter queue: its RedrivePolicy names none.`);
    }
    return await work({
      queue: open.queue,
      dead: open.dead,
      view: (letter) => viewDeadLetter(letter, record, settings.RESULT_ID_BASIS),
      chosen: (view) => isChosen(view, filter),
    });
  } finally {
    open.close();
  }
}

async function readFailures(
  context: CliContext,
  { csv, logs = [] }: DlqOptions,
  settings: S3Settings & { CSV_OUTPUT_PATH: string },
): Promise<FailureRecord> {
  const record: FailureRecord = new Map();
  const path = csv ?? settings.CSV_OUTPUT_PATH;
  if (csv === undefined && !path.startsWith('s3://') && !existsSync(path)) {
    context.terminal.err(
      `There is no CSV ${path} here, so that reasons may be missing: name it with --csv, or the workers' logs with --logs.`,
    );
  } else {
    const since = new Date(context.now().getTime() - OLDEST_FAILURE_DAYS * MS_PER_DAY);
    const { connectS3 } = await import('../../objects/s3-client.js');
    const clients: S3Client[] = [];
    const s3 = (): S3Client => {
      const client = connectS3(settings);
      clients.push(client);
      return client;
    };
    try {
      await readCsvFailures(path, record, { s3, since });
    } finally {
      clients.forEach((client) => client.destroy());
    }
  }
  for (const log of logs) await readLogFailures(log, record);
  return record;
}

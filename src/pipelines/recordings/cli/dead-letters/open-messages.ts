import { existsSync } from 'node:fs';
import type { S3Client } from '@aws-sdk/client-s3';
import type { CliContext } from '../../../../commands/context.js';
import type { DeadLetterSource } from '../../../../commands/dead-letters/dead-letter-view.js';
import { S3_SETTINGS, type S3Settings } from '../../../../objects/s3-settings.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { readCsvFailures, type FailureRecord } from '../../results/csv/read-failures.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';
import { testDateOr } from '../runs/run-target.js';
import { readLogFailures } from './log-failures.js';
import type { RecordingsDlqOptions } from './present-messages.js';
import { viewMessage } from './view-message.js';

/** S3 keeps every batch's object; letters die in SQS after 14 days at the most, and their failures are no older. */
const OLDEST_FAILURE_DAYS = 15;
const MS_PER_DAY = 86_400_000;

/**
 * Says which queue the options mean, and reads why its messages failed.
 *
 * @throws InvalidInput when a file that was named cannot be read
 */
export async function openMessages(
  context: CliContext,
  options: RecordingsDlqOptions,
): Promise<DeadLetterSource> {
  const environment = context.readEnvironment();
  const settings = loadSettings(
    environment,
    S3_SETTINGS,
    pick(RECORDINGS_SETTINGS, 'SQS_FIFO_GROUP_ID', 'RESULT_ID_BASIS', 'CSV_OUTPUT_PATH'),
  );
  const url =
    options.queueUrl ?? loadSettings(environment, pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL')).SQS_QUEUE_URL;
  const testDate = options.testDate === undefined ? undefined : testDateOr(options.testDate, environment);
  const record = await readFailures(context, options, settings);
  return {
    url,
    region: settings.AWS_REGION,
    fifoGroupId: settings.SQS_FIFO_GROUP_ID,
    view: (message) => viewMessage(message, record, settings.RESULT_ID_BASIS),
    chosen: ({ content }) => testDate === undefined || content?.['test_date'] === testDate,
  };
}

async function readFailures(
  context: CliContext,
  { csv, logs = [] }: RecordingsDlqOptions,
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
    const { connectS3 } = await import('../../../../objects/s3-client.js');
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

import { randomUUID } from 'node:crypto';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import type { CliContext, OpenQueue } from '../../../../commands/context.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';
import type { MessageRules } from './complete-message.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

/** How messages are completed under the options and settings in force. */
export function messageRules(context: CliContext, testDate: string | undefined): MessageRules {
  const environment = context.readEnvironment();
  const settings = loadSettings(
    environment,
    pick(BASE_SETTINGS, 'AWS_ENDPOINT_URL'),
    pick(
      RECORDINGS_SETTINGS,
      'SUBJECT_NAME',
      'TEST_DATE',
      'RESULT_ID_BASIS',
      'AUDIO_ALLOWED_HOSTS',
      'AUDIO_ALLOWED_BUCKETS',
    ),
  );
  const named = testDate ?? settings.TEST_DATE;
  return {
    defaults: {
      source_collection: sourceCollection(environment),
      test_date: named === undefined ? undefined : testDateOr(named, environment),
      subject_name: settings.SUBJECT_NAME,
    },
    locations: {
      allowedHosts: settings.AUDIO_ALLOWED_HOSTS,
      allowedBuckets: settings.AUDIO_ALLOWED_BUCKETS,
      endpointUrl: settings.AWS_ENDPOINT_URL,
    },
    resultIdBasis: settings.RESULT_ID_BASIS,
    now: context.now,
    sending: randomUUID(),
  };
}

/** The queue that messages go to: the one named, or the settings'. */
export async function openMessageQueue(context: CliContext, url: string | undefined): Promise<OpenQueue> {
  const environment = context.readEnvironment();
  const settings = loadSettings(
    environment,
    pick(BASE_SETTINGS, 'AWS_REGION'),
    pick(RECORDINGS_SETTINGS, 'SQS_FIFO_GROUP_ID'),
  );
  return context.openQueue({
    url: url ?? loadSettings(environment, pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL')).SQS_QUEUE_URL,
    region: settings.AWS_REGION,
    fifoGroupId: settings.SQS_FIFO_GROUP_ID,
  });
}

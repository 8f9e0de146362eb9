import {
  viewDeadLetter,
  type DeadLetterOptions,
  type DeadLetterSource,
  type DeadLetterView,
} from '../../../../commands/dead-letters/dead-letter-view.js';
import type { CliContext } from '../../../../commands/context.js';
import { count } from '../../../../commands/words.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { readJobsMessage } from '../../jobs/messages/read-message.js';
import { INTERVIEWS_SETTINGS } from '../../settings/index.js';

export function openMessages(context: CliContext, options: DeadLetterOptions): Promise<DeadLetterSource> {
  const environment = context.readEnvironment();
  const { AWS_REGION: region } = loadSettings(environment, pick(BASE_SETTINGS, 'AWS_REGION'));
  const settings = loadSettings(environment, pick(INTERVIEWS_SETTINGS, 'INTERVIEW_JOBS_QUEUE_URL'));
  const url = options.queueUrl ?? settings.INTERVIEW_JOBS_QUEUE_URL;
  if (url === undefined) {
    throw new InvalidInput('INTERVIEW_JOBS_QUEUE_URL is not set: jobs come by the collection and by HTTP.');
  }
  return Promise.resolve({
    url,
    region,
    fifoGroupId: undefined,
    view: (message) => viewDeadLetter(message, contentOf(message.body), []),
    chosen: () => true,
  });
}

/** What a message is about, in numbers: ids and keys lead to people. */
function contentOf(body: string): DeadLetterView['content'] {
  const read = readJobsMessage(body);
  if (!('message' in read)) return null;
  const { message } = read;
  return 'jobs' in message
    ? { about: count(message.jobs.length, 'job') }
    : { about: count(message.objects.length, 'object') };
}

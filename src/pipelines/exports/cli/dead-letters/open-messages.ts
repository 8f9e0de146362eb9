import {
  viewDeadLetter,
  type DeadLetterOptions,
  type DeadLetterSource,
  type DeadLetterView,
} from '../../../../commands/dead-letters/dead-letter-view.js';
import type { CliContext } from '../../../../commands/context.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { readDownloadTask, readExportJobs } from '../../contract/messages.js';
import { EXPORTS_SETTINGS } from '../../settings/index.js';

export function openMessages(context: CliContext, options: DeadLetterOptions): Promise<DeadLetterSource> {
  const environment = context.readEnvironment();
  const { AWS_REGION: region } = loadSettings(environment, pick(BASE_SETTINGS, 'AWS_REGION'));
  const url =
    options.queueUrl ??
    loadSettings(environment, pick(EXPORTS_SETTINGS, 'DOWNLOAD_TASKS_QUEUE_URL')).DOWNLOAD_TASKS_QUEUE_URL;
  return Promise.resolve({
    url,
    region,
    fifoGroupId: undefined,
    view: (message) => viewDeadLetter(message, contentOf(message.body), []),
    chosen: () => true,
  });
}

/** What a message is about: ids alone; the rest of a body that cannot be read may hold anything. */
function contentOf(body: string): DeadLetterView['content'] {
  const task = readDownloadTask(body);
  if ('message' in task) {
    const { source, export_id, first_ordinal, files, correlation_id } = task.message;
    return {
      export_id,
      source,
      first_ordinal: String(first_ordinal),
      files: String(files.length),
      correlation_id,
    };
  }
  const jobs = readExportJobs(body);
  if ('message' in jobs) {
    const { export_ids, source } = jobs.message;
    return { export_id: export_ids.join(', '), source };
  }
  return null;
}

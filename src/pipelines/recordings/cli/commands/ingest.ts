import { Command } from 'commander';
import { queueName } from '../../../../platform/text/queue-name.js';
import { WORKFLOW_TYPES, ingestWorkflowId, orchestratorTaskQueue } from '../../contract/names.js';
import type { IngestInput } from '../../contract/workflow-inputs.js';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import { examples } from '../../../../commands/options.js';
import type { WaitOptions } from '../../../../commands/runs/start-run.js';
import { addLimitOptions, type LimitOptions } from './run-options.js';
import { addHistoryOption, addWaitOptions, exitCodesOfWaiting } from '../../../../commands/waiting.js';

interface IngestOptions extends WaitOptions, Pick<LimitOptions, 'maxConcurrency' | 'batchSize'> {
  queueUrl?: string;
  untilEmpty?: boolean;
  historyEventLimit?: number;
}

export const ingestCommand: CommandDefinition = (context, end) => {
  const command = new Command('ingest')
    .summary('score what others put into a queue')
    .description(
      'Has the messages of a queue scored that others fill (push-audio-urls, seed-sqs, another service).\n\nGoes on until drained, or, with --until-empty, until nothing is left.',
    )
    .option('--queue-url <url>', 'the worker must allow it (default: SQS_QUEUE_URL)')
    .option('--until-empty', 'end when the queue is empty');
  addLimitOptions(command, ['max_concurrency', 'batch_size']);
  addHistoryOption(command);
  addWaitOptions(command);
  return command
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText(
      'after',
      examples(
        'vachan ingest --until-empty',
        'vachan ingest --detach',
        'vachan drain ingest:vachan-recordings   # the run is called after its queue',
      ),
    )
    .action(async (options: IngestOptions) => {
      const { loadSettings } = await import('../../../../platform/config/load-settings.js');
      const { pick } = await import('../../../../platform/config/settings-table.js');
      const { RECORDINGS_SETTINGS } = await import('../../settings/index.js');
      const { startRun } = await import('../../../../commands/runs/start-run.js');
      const { ingestInputSchema } = await import('../../contract/workflow-inputs.js');
      const { ingestTitle } = await import('../../contract/run-titles.js');
      const { recordingsRuns } = await import('../runs/present-run.js');
      const queueUrl =
        options.queueUrl ??
        loadSettings(context.readEnvironment(), pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL')).SQS_QUEUE_URL;
      const input: IngestInput = {
        queue_url: options.queueUrl,
        max_concurrency: options.maxConcurrency,
        batch_size: options.batchSize,
        until_empty: options.untilEmpty,
        history_event_limit: options.historyEventLimit,
      };
      const workflowId = ingestWorkflowId(queueUrl);
      const request = {
        workflowType: WORKFLOW_TYPES.ingest,
        workflowId,
        target: workflowId,
        taskQueue: orchestratorTaskQueue,
        schema: ingestInputSchema,
        input,
        namedBy: [],
        view: recordingsRuns.view,
        title: ingestTitle(queueName(queueUrl), input, '`vachan ingest`'),
      };
      end(await startRun(context, request, options));
    });
};

import { Command } from 'commander';
import { LIMIT_BOUNDS } from '../../contract/limits.js';
import { WORKFLOW_TYPES, ingestWorkflowId } from '../../contract/names.js';
import type { IngestInput } from '../../contract/workflow-inputs.js';
import type { CommandDefinition } from '../command-definition.js';
import { examples, wholeNumber } from '../options.js';
import type { WaitOptions } from '../runs/start-run.js';
import { addHistoryOption, addWaitOptions, exitCodesOfWaiting } from './waiting.js';

interface IngestOptions extends WaitOptions {
  queueUrl?: string;
  maxConcurrency?: number;
  batchSize?: number;
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
    .option('--until-empty', 'end when the queue is empty')
    .option(
      '--max-concurrency <n>',
      'batches at once in each inference process',
      wholeNumber(LIMIT_BOUNDS.max_concurrency),
    )
    .option('--batch-size <n>', 'recordings a batch', wholeNumber(LIMIT_BOUNDS.batch_size));
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
      const { loadSettings } = await import('../../platform/config/load-configuration.js');
      const { startRun } = await import('../runs/start-run.js');
      const { ingestInputSchema } = await import('../../contract/workflow-inputs.js');
      const queueUrl =
        options.queueUrl ?? loadSettings(context.readEnvironment(), ['SQS_QUEUE_URL']).SQS_QUEUE_URL;
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
        schema: ingestInputSchema,
        input,
      };
      end(await startRun(context, request, options));
    });
};

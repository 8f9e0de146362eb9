import { Argument, Command, Option } from 'commander';
import { LIMIT_BOUNDS } from '../../contract/limits.js';
import { WORKFLOW_TYPES, discoveryWorkflowId } from '../../contract/names.js';
import type { DiscoveryInput } from '../../contract/workflow-inputs.js';
import type { CommandDefinition } from '../command-definition.js';
import { examples, wholeNumber } from '../options.js';
import type { WaitOptions } from '../runs/start-run.js';
import { addHistoryOption, addWaitOptions, exitCodesOfWaiting } from './waiting.js';

const DISCOVERY_MODES = ['one_time', 'backfill', 'incremental'] as const;

interface StartOptions extends WaitOptions {
  mode?: DiscoveryInput['mode'];
  subjectName?: string;
  queueUrl?: string;
  awaitQueue: boolean;
  maxRecords?: number;
  maxConcurrency?: number;
  batchSize?: number;
  discoveryBatchSize?: number;
  pollIntervalSeconds?: number;
  historyEventLimit?: number;
}

export const startCommand: CommandDefinition = (context, end) => {
  const command = new Command('start')
    .summary("score a date's recordings")
    .description(
      "Starts the discovery of a test date: finds its recordings, queues them and has them scored.\n\nWaits for the end unless --detach is given. A date that is running already is joined, not started twice. What no option names is taken from the worker's settings.",
    )
    .addArgument(new Argument('[test_date]', 'as YYYY-MM-DD (default: TEST_DATE)'))
    .addOption(
      new Option('--mode <mode>', 'how rows are read (default: MONGO_TO_SQS_MODE)').choices(DISCOVERY_MODES),
    )
    .option('--subject-name <name>', 'the reading subject (default: SUBJECT_NAME)')
    .option('--queue-url <url>', 'a queue of its own; the worker must allow it (default: SQS_QUEUE_URL)')
    .option('--no-await-queue', 'end once everything is queued, scored or not')
    .option('--max-records <n>', 'queue this many at the most', wholeNumber(LIMIT_BOUNDS.max_records))
    .option(
      '--max-concurrency <n>',
      'batches at once in each inference process',
      wholeNumber(LIMIT_BOUNDS.max_concurrency),
    )
    .option('--batch-size <n>', 'recordings a batch', wholeNumber(LIMIT_BOUNDS.batch_size))
    .option(
      '--discovery-batch-size <n>',
      'rows a discovery page',
      wholeNumber(LIMIT_BOUNDS.discovery_batch_size),
    )
    .option(
      '--poll-interval-seconds <n>',
      'sleep of an incremental run when nothing is new',
      wholeNumber(LIMIT_BOUNDS.poll_interval_seconds),
    );
  addHistoryOption(command);
  addWaitOptions(command);
  return command
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText(
      'after',
      examples(
        'vachan start 2025-12-20',
        'vachan start 2025-12-20 --mode one_time --max-records 250',
        'vachan start --detach            # the date in TEST_DATE',
        'vachan start 2025-12-20 --json | jq .outcomes',
      ),
    )
    .action(async (given: string | undefined, options: StartOptions) => {
      const { sourceCollection, testDateOr } = await import('../runs/run-target.js');
      const { startRun } = await import('../runs/start-run.js');
      const { discoveryInputSchema } = await import('../../contract/workflow-inputs.js');
      const environment = context.readEnvironment();
      const testDate = testDateOr(given, environment);
      const input: DiscoveryInput = {
        test_date: testDate,
        mode: options.mode,
        subject_name: options.subjectName,
        queue_url: options.queueUrl,
        await_queue: options.awaitQueue ? undefined : false,
        max_records: options.maxRecords,
        max_concurrency: options.maxConcurrency,
        batch_size: options.batchSize,
        discovery_batch_size: options.discoveryBatchSize,
        poll_interval_seconds: options.pollIntervalSeconds,
        history_event_limit: options.historyEventLimit,
      };
      const request = {
        workflowType: WORKFLOW_TYPES.discovery,
        workflowId: discoveryWorkflowId(sourceCollection(environment), testDate),
        target: testDate,
        schema: discoveryInputSchema,
        input,
      };
      end(await startRun(context, request, options));
    });
};

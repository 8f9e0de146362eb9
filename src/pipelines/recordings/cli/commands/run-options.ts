import { Option, type Command } from 'commander';
import { LIMIT_BOUNDS } from '../../contract/limits.js';
import type { DiscoveryInput } from '../../contract/workflow-inputs.js';
import { wholeNumber } from '../../../../commands/options.js';

const DISCOVERY_MODES = ['one_time', 'backfill', 'incremental'] as const;

/** The limits that commands set, in the order of their help. */
const LIMITS = {
  max_records: ['--max-records <n>', 'queue this many at the most'],
  max_concurrency: [
    '--max-concurrency <n>',
    'batches at once in each inference process (default: its MAX_CONCURRENCY)',
  ],
  batch_size: ['--batch-size <n>', 'recordings a batch'],
  discovery_batch_size: ['--discovery-batch-size <n>', 'rows a discovery page'],
  poll_interval_seconds: ['--poll-interval-seconds <n>', 'sleep of an incremental run when nothing is new'],
} as const;
type Limit = keyof typeof LIMITS;

/** What commander makes of the limits' options. */
export interface LimitOptions {
  maxRecords?: number;
  maxConcurrency?: number;
  batchSize?: number;
  discoveryBatchSize?: number;
  pollIntervalSeconds?: number;
}

/** Adds options of these limits, with the workflow inputs' bounds. */
export function addLimitOptions(command: Command, limits: readonly Limit[]): Command {
  for (const limit of limits) {
    const [flags, about] = LIMITS[limit];
    command.option(flags, about, wholeNumber(LIMIT_BOUNDS[limit]));
  }
  return command;
}

/** The limits that were given, under the names of the workflow inputs. */
export function limitFields<Options extends { [Name in keyof LimitOptions]?: unknown }>(
  options: Options,
): {
  max_records: Options['maxRecords'];
  max_concurrency: Options['maxConcurrency'];
  batch_size: Options['batchSize'];
  discovery_batch_size: Options['discoveryBatchSize'];
  poll_interval_seconds: Options['pollIntervalSeconds'];
} {
  return {
    max_records: options.maxRecords,
    max_concurrency: options.maxConcurrency,
    batch_size: options.batchSize,
    discovery_batch_size: options.discoveryBatchSize,
    poll_interval_seconds: options.pollIntervalSeconds,
  };
}

/** What commander makes of {@link addDiscoveryOptions}. */
export interface DiscoveryOptions extends LimitOptions {
  mode?: DiscoveryInput['mode'];
  subjectName?: string;
  queueUrl?: string;
  awaitQueue: boolean;
}

/** Adds everything that a discovery can be told, but its date. */
export function addDiscoveryOptions(command: Command): Command {
  command
    .addOption(
      new Option('--mode <mode>', 'how rows are read (default: MONGO_TO_SQS_MODE)').choices(DISCOVERY_MODES),
    )
    .option('--subject-name <name>', 'the reading subject (default: SUBJECT_NAME)')
    .option('--queue-url <url>', 'a queue of its own; the worker must allow it (default: SQS_QUEUE_URL)')
    .option('--no-await-queue', 'end once everything is queued, scored or not');
  return addLimitOptions(command, [
    'max_records',
    'max_concurrency',
    'batch_size',
    'discovery_batch_size',
    'poll_interval_seconds',
  ]);
}

/** The input that these options make, without its date. */
export function discoveryFields(options: DiscoveryOptions): Omit<DiscoveryInput, 'test_date'> {
  return {
    mode: options.mode,
    subject_name: options.subjectName,
    queue_url: options.queueUrl,
    await_queue: options.awaitQueue ? undefined : false,
    ...limitFields(options),
  };
}

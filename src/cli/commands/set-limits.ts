import { Command, InvalidArgumentError } from 'commander';
import { LIMIT_BOUNDS, type LimitChanges } from '../../contract/limits.js';
import type { RunLimits } from '../../contract/workflow-results.js';
import type { CommandDefinition } from '../command-definition.js';
import { examples, wholeNumber } from '../options.js';
import { RUN_ARGUMENT, RUN_ARGUMENT_ABOUT } from './run-argument.js';

interface LimitOptions {
  maxConcurrency?: number;
  maxRecords?: number | 'none';
  batchSize?: number;
  discoveryBatchSize?: number;
  pollIntervalSeconds?: number;
  json?: boolean;
}

export const setLimitsCommand: CommandDefinition = (context, end) =>
  new Command('set-limits')
    .summary('change the limits of a running discovery')
    .description('Changes limits of a discovery while it runs, and shows those now in force.')
    .argument(RUN_ARGUMENT, RUN_ARGUMENT_ABOUT)
    .option(
      '--max-concurrency <n>',
      'batches at once in each inference process',
      wholeNumber(LIMIT_BOUNDS.max_concurrency),
    )
    .option('--max-records <n>', 'queue this many at the most; "none" lifts the bound', recordsOrNone)
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
    )
    .option('--json', 'print the limits as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan set-limits 2025-12-20 --max-concurrency 2   # leave cores to others',
        'vachan set-limits 2025-12-20 --max-records none',
      ),
    )
    .action(async (target: string, { json, ...options }: LimitOptions) => {
      const { setLimits } = await import('../runs/steer-run.js');
      end(await setLimits(context, target, changesIn(options), json === true));
    });

function changesIn(options: Omit<LimitOptions, 'json'>): LimitChanges {
  const wanted: { [Name in keyof RunLimits]: RunLimits[Name] | undefined } = {
    max_concurrency: options.maxConcurrency,
    max_records: options.maxRecords === 'none' ? null : options.maxRecords,
    batch_size: options.batchSize,
    discovery_batch_size: options.discoveryBatchSize,
    poll_interval_seconds: options.pollIntervalSeconds,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

// The word itself, since commander takes a parser's null for no value.
function recordsOrNone(text: string): number | 'none' {
  if (text === 'none') return text;
  try {
    return wholeNumber(LIMIT_BOUNDS.max_records)(text);
  } catch {
    const { min, max } = LIMIT_BOUNDS.max_records;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}, or "none".`);
  }
}

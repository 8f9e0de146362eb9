import { Command, InvalidArgumentError } from 'commander';
import { LIMIT_BOUNDS, type LimitChanges } from '../../contract/limits.js';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import { examples, wholeNumber } from '../../../../commands/options.js';
import { addLimitOptions, limitFields, type LimitOptions } from './run-options.js';
import { runArgument } from '../../../../commands/run-argument.js';
import { recordingsRuns } from '../runs/present-run.js';

interface SetLimitOptions extends Omit<LimitOptions, 'maxRecords' | 'maxConcurrency'> {
  maxRecords?: number | 'none';
  maxConcurrency?: number | 'none';
  json?: boolean;
}

export const setLimitsCommand: CommandDefinition = (context, end) => {
  const command = new Command('set-limits')
    .summary('change the limits of a running discovery')
    .description('Changes limits of a discovery while it runs, and shows those now in force.')
    .addArgument(runArgument([recordingsRuns]))
    .option(
      '--max-records <n>',
      'queue this many at the most; "none" lifts the bound',
      numberOrNone('max_records'),
    )
    .option(
      '--max-concurrency <n>',
      'batches at once in each inference process; "none": as many as each takes',
      numberOrNone('max_concurrency'),
    );
  return addLimitOptions(command, ['batch_size', 'discovery_batch_size', 'poll_interval_seconds'])
    .option('--json', 'print the limits as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan set-limits 2025-12-20 --max-concurrency 2   # leave cores to others',
        'vachan set-limits 2025-12-20 --max-records none',
      ),
    )
    .action(async (target: string, { json, ...options }: SetLimitOptions) => {
      const { setLimits } = await import('../runs/set-limits.js');
      end(await setLimits(context, target, changesIn(options), json === true));
    });
};

function changesIn(options: Omit<SetLimitOptions, 'json'>): LimitChanges {
  const named = Object.entries(limitFields(options)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [name, value === 'none' ? null : value]));
}

// The word itself, since commander takes a parser's null for no value.
const numberOrNone =
  (limit: 'max_records' | 'max_concurrency') =>
  (text: string): number | 'none' => {
    if (text === 'none') return text;
    try {
      return wholeNumber(LIMIT_BOUNDS[limit])(text);
    } catch {
      const { min, max } = LIMIT_BOUNDS[limit];
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}, or "none".`);
    }
  };

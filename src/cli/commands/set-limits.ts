import { Command, InvalidArgumentError } from 'commander';
import { LIMIT_BOUNDS, type LimitChanges } from '../../contract/limits.js';
import type { CommandDefinition } from '../command-definition.js';
import { examples, wholeNumber } from '../options.js';
import { addLimitOptions, limitFields, type LimitOptions } from './run-options.js';
import { RUN_ARGUMENT, RUN_ARGUMENT_ABOUT } from './run-argument.js';

interface SetLimitOptions extends Omit<LimitOptions, 'maxRecords'> {
  maxRecords?: number | 'none';
  json?: boolean;
}

export const setLimitsCommand: CommandDefinition = (context, end) => {
  const command = new Command('set-limits')
    .summary('change the limits of a running discovery')
    .description('Changes limits of a discovery while it runs, and shows those now in force.')
    .argument(RUN_ARGUMENT, RUN_ARGUMENT_ABOUT)
    .option('--max-records <n>', 'queue this many at the most; "none" lifts the bound', recordsOrNone);
  return addLimitOptions(command, [
    'max_concurrency',
    'batch_size',
    'discovery_batch_size',
    'poll_interval_seconds',
  ])
    .option('--json', 'print the limits as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan set-limits 2025-12-20 --max-concurrency 2   # leave cores to others',
        'vachan set-limits 2025-12-20 --max-records none',
      ),
    )
    .action(async (target: string, { json, ...options }: SetLimitOptions) => {
      const { setLimits } = await import('../runs/steer-run.js');
      end(await setLimits(context, target, changesIn(options), json === true));
    });
};

function changesIn(options: Omit<SetLimitOptions, 'json'>): LimitChanges {
  const { max_records, ...others } = limitFields(options);
  const wanted = { max_records: max_records === 'none' ? null : max_records, ...others };
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

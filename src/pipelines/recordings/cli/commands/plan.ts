import { Command, InvalidArgumentError } from 'commander';
import { PRICED, type Priced, type Prices } from '../../planning/prices.js';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import { examples, jsonOption, wholeNumber } from '../../../../commands/options.js';
import type { PlanOptions } from '../planning/show-plan.js';

const NOTES = `
The figures behind it were measured on one machine (docs/performance.md); --core-speed says how fast your vCPU is against
its core, and \`npm run bench -- audio\` on your machine tells. Prices are yours; without any, no cost is shown:
${Object.entries(PRICED)
  .map(([name, about]) => `  --price ${name}=…`.padEnd(30) + about)
  .join('\n')}`;

export const planCommand: CommandDefinition = (context, end) =>
  new Command('plan')
    .summary('how many tasks a run takes, and what it costs')
    .description(
      'Says what a run takes: tasks, their size, rates at SQS, S3, MongoDB and Temporal, and cost.',
    )
    .requiredOption('--records <count>', 'recordings of the run', wholeNumber({ min: 1, max: 1_000_000_000 }))
    .requiredOption('--seconds-per-clip <seconds>', 'mean length of a recording', positive)
    .requiredOption(
      '--window <duration>',
      'from the first row to the last result, such as 5h or 4h30m',
      duration,
    )
    .option('--vcpus <count>', 'vCPUs of a task', wholeNumber({ min: 1, max: 256 }), 2)
    .option('--core-speed <factor>', "a vCPU's speed against the benchmark's core", positive, 0.7)
    .option('--kilobytes-per-clip <kilobytes>', 'mean size of a recording', positive)
    .option('--batch-size <count>', 'BATCH_SIZE', wholeNumber({ min: 1, max: 1000 }), 100)
    .option('--max-concurrency <count>', 'MAX_CONCURRENCY', wholeNumber({ min: 1, max: 64 }), 4)
    .option('--startup <duration>', "from a task's order to its first batch", duration, 120)
    .option('--interruptions <count>', 'Spot interruptions of one task in an hour', zeroOrMore, 0.05)
    .option('--utilisation <share>', 'how much of what tasks can do is planned for', share, 0.8)
    .option('--price <name=amount>', 'a price, in any currency; may be repeated', price)
    .addOption(jsonOption('print the plan as one JSON line'))
    .addHelpText('after', NOTES)
    .addHelpText(
      'after',
      examples(
        'vachan plan --records 900000 --seconds-per-clip 30 --window 5h',
        'vachan plan --records 900000 --seconds-per-clip 30 --window 5h --price vcpu_hour=0.013 --price gb_hour=0.0014',
      ),
    )
    .action(async (options: PlanOptions) => {
      const { showPlan } = await import('../planning/show-plan.js');
      end(showPlan(context, options));
    });

const DURATION = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const SECONDS_OF = [3600, 60, 1];

function duration(text: string): number {
  const parts = DURATION.exec(text)?.slice(1) as (string | undefined)[] | undefined;
  const total = (parts ?? []).reduce((sum, part, index) => sum + Number(part ?? 0) * SECONDS_OF[index]!, 0);
  if (total <= 0) throw new InvalidArgumentError('Expected a duration such as 5h, 4h30m or 90s.');
  return total;
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}

function zeroOrMore(text: string): number {
  return text === '0' ? 0 : positive(text);
}

function share(text: string): number {
  const value = positive(text);
  if (value > 1) throw new InvalidArgumentError('Expected a share above 0, at most 1.');
  return value;
}

function price(text: string, before: Prices | undefined): Prices {
  const [name = '', amount = ''] = text.split('=');
  if (!Object.hasOwn(PRICED, name)) {
    throw new InvalidArgumentError(`Expected NAME=AMOUNT with one of ${Object.keys(PRICED).join(', ')}.`);
  }
  return { ...before, [name as Priced]: zeroOrMore(amount) };
}

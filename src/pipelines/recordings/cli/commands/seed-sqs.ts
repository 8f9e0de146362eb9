import { Command } from 'commander';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import type { SeedOptions } from '../messages/seed-sqs.js';
import { collected, examples, wholeNumber } from '../../../../commands/options.js';
import { WHOSE_ROWS } from './message-notes.js';

const COUNT_BOUNDS = { min: 1, max: 1_000_000 };

export const seedSqsCommand: CommandDefinition = (context, end) =>
  new Command('seed-sqs')
    .summary('queue made-up messages to try out a worker')
    .description(
      'Sends made-up messages, each a recording of its own, that take turns with the addresses given; or the messages of a file.',
    )
    .option('--count <n>', 'how many made-up messages', wholeNumber(COUNT_BOUNDS), 10)
    .option('--audio-url <url>', 'what they point to; may be given several times', collected)
    .option('--messages <file>', 'send these instead: one JSON message a line, checked first')
    .option('--test-date <date>', 'of made-up messages (default: TEST_DATE)')
    .option('--queue-url <url>', 'where to (default: SQS_QUEUE_URL)')
    .option('--dry-run', 'print the messages, one JSON line each, and send nothing')
    .option('--json', 'print what was sent and what not as one JSON line')
    .addHelpText('after', WHOSE_ROWS)
    .addHelpText(
      'after',
      examples(
        'vachan seed-sqs --audio-url s3://my-bucket/a.mp3 --count 100 --test-date 2025-12-20',
        'vachan seed-sqs --messages messages.jsonl',
      ),
    )
    .action(async (options: SeedOptions) => {
      const { seedSqs } = await import('../messages/seed-sqs.js');
      end(await seedSqs(context, options));
    });

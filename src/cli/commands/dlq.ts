import { Argument, Command } from 'commander';
import { EXIT } from '../../commands/context.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import type { PurgeOptions, RedriveCommandOptions } from '../dead-letters/move-letters.js';
import type { DlqOptions } from '../dead-letters/open-letters.js';
import { collected, examples, wholeNumber } from '../../commands/options.js';

/** A night's failures; more are looked at only when asked for, since each look hides letters for a while. */
const DEFAULT_LIMIT = 10_000;
const LIMIT_BOUNDS = { min: 1, max: 100_000 };

const ABOUT = `
Reasons come from the CSV in CSV_OUTPUT_PATH (or --csv) and from workers' logs (--logs). A cause is the first word of the
CSV's error: AudioNotFound, AudioTruncated, …; "unrecorded" where no failure was written down, "unreadable" for what is no message of Vachan's.
A look hides letters from others for up to two minutes, unless it ends in order.`;

export const dlqCommand: CommandDefinition = (context, end) => {
  const dlq = new Command('dlq')
    .summary('look at dead letters, send them again, delete them')
    .description('Works on the dead-letter queue of a queue: messages that failed in every delivery.')
    .addHelpText('after', ABOUT);

  dlq.addCommand(
    withSharedOptions(new Command('list'))
      .summary('list dead letters and why they failed')
      .description('Lists dead letters with their causes, and puts them back.')
      .option('--json', 'print them as one JSON line')
      .addHelpText(
        'after',
        examples(
          'vachan dlq list',
          'vachan dlq list --test-date 2025-12-20 --reason AudioNotFound',
          'vachan dlq list --json | jq .causes',
        ),
      )
      .action(async (options: DlqOptions) => {
        const { listLetters } = await import('../dead-letters/show-letters.js');
        end(await listLetters(context, options));
      }),
  );
  dlq.addCommand(
    withSharedOptions(new Command('show'))
      .summary('show one dead letter and each of its failures')
      .description("Shows one dead letter: its recording, and why each delivery failed. Never a child's id.")
      .addArgument(new Argument('<message_id>', 'as `vachan dlq list` shows it'))
      .option('--json', 'print it as one JSON line')
      .addHelpText('after', examples('vachan dlq show 8b5e8f3e-2c1f-4b44-9f0e-3a4ad4f0a111'))
      .action(async (messageId: string, options: DlqOptions) => {
        const { showLetter } = await import('../dead-letters/show-letters.js');
        end(await showLetter(context, messageId, options));
      }),
  );
  dlq.addCommand(
    withSharedOptions(new Command('redrive'))
      .summary('send dead letters to their queue again')
      .description(
        'Sends dead letters to their queue again, once their cause is mended.\n\nEach is deleted only after the queue has confirmed its copy: stopped in the middle and run again, nothing is lost, and a recording that was sent twice is scored once.',
      )
      .option('--dry-run', 'only say which would be sent')
      .option('--json', 'print what was done as one JSON line')
      .addHelpText(
        'after',
        `\nExit code: ${EXIT.failed} if a message was not taken, ${EXIT.stopped} after Ctrl-C.`,
      )
      .addHelpText(
        'after',
        examples(
          'vachan dlq redrive --reason AudioDownloadTimeout --dry-run',
          'vachan dlq redrive --test-date 2025-12-20',
        ),
      )
      .action(async (options: RedriveCommandOptions) => {
        const { redriveLetters } = await import('../dead-letters/move-letters.js');
        end(await redriveLetters(context, options));
      }),
  );
  dlq.addCommand(
    withSharedOptions(new Command('purge'))
      .summary('delete dead letters for good')
      .description('Deletes dead letters for good, after asking. Their rows stay in the CSV.')
      .option('--yes', 'do not ask')
      .option('--json', 'print what was done as one JSON line')
      .addHelpText('after', `\nExit code: ${EXIT.stopped} if the answer was no.`)
      .addHelpText('after', examples('vachan dlq purge --reason AudioEmpty', 'vachan dlq purge --yes'))
      .action(async (options: PurgeOptions) => {
        const { purgeLetters } = await import('../dead-letters/move-letters.js');
        end(await purgeLetters(context, options));
      }),
  );
  return dlq.addHelpText(
    'after',
    examples(
      'vachan dlq list',
      'vachan dlq redrive --test-date 2025-12-20',
      'vachan dlq purge --reason AudioEmpty',
    ),
  );
};

function withSharedOptions(command: Command): Command {
  return command
    .option('--queue-url <url>', 'the queue whose dead letters are meant (default: SQS_QUEUE_URL)')
    .option('--test-date <date>', 'only recordings of this date')
    .option('--reason <cause>', 'only letters of this cause, e.g. AudioNotFound')
    .option('--csv <path>', "the workers' CSV: a file, or s3://bucket/prefix (default: CSV_OUTPUT_PATH)")
    .option('--logs <path>', "a worker's log, for reasons; may be given several times", collected)
    .option('--limit <n>', 'look at so many letters at the most', wholeNumber(LIMIT_BOUNDS), DEFAULT_LIMIT);
}

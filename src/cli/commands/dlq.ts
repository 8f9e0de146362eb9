import { Argument, Command, Option } from 'commander';
import { EXIT } from '../../commands/context.js';
import type { CommandDefinition } from '../../commands/command-definition.js';
import type {
  DeadLetterOptions,
  DeadLetterPresentation,
} from '../../commands/dead-letters/dead-letter-view.js';
import { examples, wholeNumber } from '../../commands/options.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { DeadLetterPipeline } from '../dead-letters/first-served.js';
import type { PurgeOptions, RedriveOptions } from '../dead-letters/move-messages.js';

/** A run's failures; more are looked at only when asked for, since each look hides messages for a while. */
const DEFAULT_LIMIT = 10_000;
const LIMIT_BOUNDS = { min: 1, max: 100_000 };

const ABOUT_LOOKS = 'A look hides letters from others for up to two minutes, unless it ends in order.';

/** @param all the pipelines; those without dead-letter queues have no part in it */
export function dlqCommand(all: readonly Pipeline[]): CommandDefinition {
  const pipelines = all.filter(hasDeadLetters);
  const presentations = pipelines.map(({ deadLetters }) => deadLetters);
  const exampleLines = (of: 'list' | 'redrive' | 'purge' | 'dlq', ...more: string[]): string =>
    examples(...presentations.flatMap((one) => one.examples[of]), ...more);
  return (context, end) => {
    const presentationOf = async ({ pipeline }: DeadLetterOptions): Promise<DeadLetterPresentation> => {
      const named = pipelines.find(({ name }) => name === pipeline);
      if (named !== undefined || pipelines.length === 1) return (named ?? pipelines[0]!).deadLetters;
      const { firstServed } = await import('../dead-letters/first-served.js');
      return (await firstServed(context.readEnvironment(), all, pipelines)).deadLetters;
    };
    const dlq = new Command('dlq')
      .summary('look at dead-letter messages, send them again, delete them')
      .description('Works on the dead-letter queue of a queue: messages that failed in every delivery.')
      .addHelpText('after', `\n${[...presentations.map(({ about }) => about), ABOUT_LOOKS].join('\n')}`);

    dlq.addCommand(
      withSharedOptions(new Command('list'), pipelines)
        .summary('list dead-letter messages and why they failed')
        .description('Lists dead-letter messages with their causes, and puts them back.')
        .option('--json', 'print them as one JSON line')
        .addHelpText('after', exampleLines('list', 'vachan dlq list --json | jq .causes'))
        .action(async (options: DeadLetterOptions) => {
          const { listMessages } = await import('../dead-letters/show-messages.js');
          end(await listMessages(context, await presentationOf(options), options));
        }),
    );
    dlq.addCommand(
      withSharedOptions(new Command('show'), pipelines)
        .summary('show one dead-letter message and each of its failures')
        .description(
          'Shows one dead-letter message: what it is about, and why each delivery failed. Never personal data.',
        )
        .addArgument(new Argument('<message_id>', 'as `vachan dlq list` shows it'))
        .option('--json', 'print it as one JSON line')
        .addHelpText('after', examples('vachan dlq show 8b5e8f3e-2c1f-4b44-9f0e-3a4ad4f0a111'))
        .action(async (messageId: string, options: DeadLetterOptions) => {
          const { showMessage } = await import('../dead-letters/show-messages.js');
          end(await showMessage(context, await presentationOf(options), messageId, options));
        }),
    );
    dlq.addCommand(
      withSharedOptions(new Command('redrive'), pipelines)
        .summary('send dead-letter messages to their queue again')
        .description(
          'Sends dead-letter messages to their queue again, once their cause is fixed.\n\nEach is deleted only after the queue has confirmed its copy: stopped in the middle and run again, nothing is lost, and what was sent twice is worked on once.',
        )
        .option('--dry-run', 'only say which would be sent')
        .option('--json', 'print what was done as one JSON line')
        .addHelpText(
          'after',
          `\nExit code: ${EXIT.failed} if a message was not taken, ${EXIT.stopped} after Ctrl-C.`,
        )
        .addHelpText('after', exampleLines('redrive'))
        .action(async (options: RedriveOptions) => {
          const { sendMessagesAgain } = await import('../dead-letters/move-messages.js');
          end(await sendMessagesAgain(context, await presentationOf(options), options));
        }),
    );
    dlq.addCommand(
      withSharedOptions(new Command('purge'), pipelines)
        .summary('delete dead-letter messages for good')
        .description(
          'Deletes dead-letter messages for good, after asking. What was written of their failures stays.',
        )
        .option('--yes', 'do not ask')
        .option('--json', 'print what was done as one JSON line')
        .addHelpText('after', `\nExit code: ${EXIT.stopped} if the answer was no.`)
        .addHelpText('after', exampleLines('purge', 'vachan dlq purge --yes'))
        .action(async (options: PurgeOptions) => {
          const { purgeMessages } = await import('../dead-letters/move-messages.js');
          end(await purgeMessages(context, await presentationOf(options), options));
        }),
    );
    return dlq.addHelpText('after', exampleLines('dlq'));
  };
}

function hasDeadLetters(pipeline: Pipeline): pipeline is DeadLetterPipeline {
  return pipeline.deadLetters !== undefined;
}

function withSharedOptions(command: Command, pipelines: readonly DeadLetterPipeline[]): Command {
  const [first] = pipelines;
  const names = pipelines.map(({ name }) => name);
  const settings = pipelines.map(({ deadLetters }) => deadLetters.queueSetting).join(' or ');
  if (names.length > 1) {
    command.addOption(
      new Option(
        '--pipeline <name>',
        'whose messages they are (default: the first that PIPELINES names, in this order)',
      ).choices(names),
    );
  }
  command
    .option('--queue-url <url>', `the queue whose dead-letter messages are meant (default: ${settings})`)
    .option('--reason <cause>', `only letters of this cause, e.g. ${first?.deadLetters.exampleCause}`)
    .option('--limit <n>', 'look at so many letters at the most', wholeNumber(LIMIT_BOUNDS), DEFAULT_LIMIT);
  for (const { deadLetters } of pipelines) deadLetters.addOptions(command);
  return command;
}

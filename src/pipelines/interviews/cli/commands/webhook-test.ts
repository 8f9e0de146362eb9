import { Command, Option } from 'commander';
import { examples } from '../../../../commands/options.js';
import { EVENT_TYPES } from '../../contract/event.js';
import type { InterviewsCommand } from '../context.js';
import type { WebhookTestOptions } from '../send-sample-event.js';

export const webhookTestCommand: InterviewsCommand = (context, end) =>
  new Command('webhook-test')
    .summary('post a sample event of an interview')
    .description(
      'Posts a signed event as an interview would send it, of a made-up interview with "test": true in its data, and says what the receiver answers. Exit code: 1 unless 2xx.',
    )
    .addOption(
      new Option('--type <type>', 'of the event')
        .choices(Object.values(EVENT_TYPES))
        .default(EVENT_TYPES.completed),
    )
    .option('--json', 'print what came of it as one JSON line')
    .addHelpText('after', examples('vachan interviews webhook-test --type interview.job_failed'))
    .action(async (options: WebhookTestOptions) => {
      const { sendSampleEvent } = await import('../send-sample-event.js');
      end(await sendSampleEvent(context, options));
    });

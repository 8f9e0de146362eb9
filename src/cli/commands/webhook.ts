import { Command, Option } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples, jsonOption, wholeNumber } from '../../commands/options.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { LogOptions } from '../webhook/show-log.js';

const STATUSES = ['pending', 'delivered', 'superseded', 'undelivered', 'unsent'] as const;

const ABOUT_EVENTS = `
Events go to WEBHOOK_URL, signed with WEBHOOK_SECRET by Standard Webhooks 1.0.0. They come at least once: a receiver that
gets a webhook-id again has it already. One that answers 410 is sent nothing more until it is enabled.`;

/** @param pipelines those that send events are asked what became of them */
export function webhookCommand(pipelines: readonly Pipeline[]): CommandDefinition {
  return (context, end) => {
    const sending = pipelines.filter(({ webhooks }) => webhooks !== undefined);
    const pipelineOption = (): Option =>
      new Option('--pipeline <name>', 'of this pipeline alone').choices(sending.map(({ name }) => name));
    const webhook = new Command('webhook')
      .summary('try the endpoint of events, show what became of them')
      .description('Works on the endpoint that events are posted to.')
      .addHelpText('after', ABOUT_EVENTS);

    webhook.addCommand(
      new Command('test')
        .summary('post a signed event of type webhook.test')
        .description(
          'Posts one event of type webhook.test to the endpoint, and says what it answers. Exit code: 1 unless 2xx.',
        )
        .addOption(jsonOption('print what came of it as one JSON line'))
        .addHelpText('after', examples('vachan webhook test'))
        .action(async (options: { json?: boolean }) => {
          const { sendTest } = await import('../webhook/send-test.js');
          end(await sendTest(context, options));
        }),
    );
    webhook.addCommand(
      new Command('log')
        .summary('list events, the newest first')
        .description(
          'Lists events with what became of each: tries, the last answer, and when the next try is due.',
        )
        .addOption(new Option('--status <status>', 'only those').choices(STATUSES))
        .addOption(pipelineOption())
        .option('--limit <n>', 'most events of a pipeline', wholeNumber({ min: 1, max: 10_000 }), 50)
        .addOption(jsonOption('print each as a JSON line'))
        .addHelpText(
          'after',
          examples('vachan webhook log', 'vachan webhook log --status undelivered --json'),
        )
        .action(async (options: LogOptions) => {
          const { showLog } = await import('../webhook/show-log.js');
          end(await showLog(context, sending, options));
        }),
    );
    webhook.addCommand(
      new Command('enable')
        .summary('send to an endpoint again that has answered 410')
        .description(
          'Enables the endpoint of the settings again. What was undelivered meanwhile has to be sent again.',
        )
        .addOption(pipelineOption())
        .addOption(jsonOption('print what was done as one JSON line'))
        .addHelpText('after', examples('vachan webhook enable'))
        .action(async (options: { pipeline?: string; json?: boolean }) => {
          const { enableEndpoint } = await import('../webhook/enable-endpoint.js');
          end(await enableEndpoint(context, sending, options));
        }),
    );
    return webhook;
  };
}

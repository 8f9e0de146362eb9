import { Argument, Command } from 'commander';
import { WORKFLOW_TYPES, discoveryWorkflowId, orchestratorTaskQueue } from '../../contract/names.js';
import type { DiscoveryInput } from '../../contract/workflow-inputs.js';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import { examples } from '../../../../commands/options.js';
import type { WaitOptions } from '../../../../commands/runs/start-run.js';
import { addDiscoveryOptions, discoveryFields, type DiscoveryOptions } from './run-options.js';
import { addHistoryOption, addWaitOptions, exitCodesOfWaiting } from '../../../../commands/waiting.js';

interface StartOptions extends WaitOptions, DiscoveryOptions {
  historyEventLimit?: number;
}

export const startCommand: CommandDefinition = (context, end) => {
  const command = new Command('start')
    .summary("score a date's recordings")
    .description(
      "Starts the discovery of a test date: finds its recordings, queues them and has them scored.\n\nWaits for the end unless --detach is given. A date that is running already is joined, not started twice. What no option names is taken from the worker's settings.",
    )
    .addArgument(new Argument('[test_date]', 'as YYYY-MM-DD (default: TEST_DATE)'));
  addDiscoveryOptions(command);
  addHistoryOption(command);
  addWaitOptions(command);
  return command
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText(
      'after',
      examples(
        'vachan start 2025-12-20',
        'vachan start 2025-12-20 --mode one_time --max-records 250',
        'vachan start --detach            # the date in TEST_DATE',
        'vachan start 2025-12-20 --json | jq .outcomes',
      ),
    )
    .action(async (given: string | undefined, options: StartOptions) => {
      const { sourceCollection, testDateOr } = await import('../runs/run-target.js');
      const { startRun } = await import('../../../../commands/runs/start-run.js');
      const { discoveryInputSchema } = await import('../../contract/workflow-inputs.js');
      const { discoveryTitle } = await import('../../contract/run-titles.js');
      const { recordingsRuns } = await import('../runs/present-run.js');
      const environment = context.readEnvironment();
      const testDate = testDateOr(given, environment);
      const input: DiscoveryInput = {
        test_date: testDate,
        ...discoveryFields(options),
        history_event_limit: options.historyEventLimit,
      };
      const request = {
        workflowType: WORKFLOW_TYPES.discovery,
        workflowId: discoveryWorkflowId(sourceCollection(environment), testDate),
        target: testDate,
        taskQueue: orchestratorTaskQueue,
        schema: discoveryInputSchema,
        input,
        namedBy: ['test_date'],
        view: recordingsRuns.view,
        title: discoveryTitle(input, '`vachan start`'),
      };
      end(await startRun(context, request, options));
    });
};

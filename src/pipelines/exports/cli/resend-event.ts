import { EXIT, type ExitCode } from '../../../commands/context.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { InvalidInput } from '../../../platform/errors.js';
import { printable } from '../../../platform/text/printable.js';
import { eventWorkflowId } from '../contract/event.js';
import { orchestratorTaskQueue, WORKFLOW_TYPES } from '../contract/names.js';
import { createExportEvents } from '../events/export-events.js';
import type { ExportsContext } from './context.js';
import { jobNamed, type SourceOption } from './job-argument.js';

export interface ResendOptions extends SourceOption {
  attempt?: number;
  json?: boolean;
}

/** Makes the event of an attempt wait for delivery again, and starts its workflow. */
export async function resendEvent(
  context: ExportsContext,
  id: string,
  options: ResendOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const job = jobNamed(id, options);
  const environment = context.readEnvironment();
  const { TASK_QUEUE: base } = loadSettings(environment, pick(BASE_SETTINGS, 'TASK_QUEUE'));
  const { state, close } = await context.openJobs(environment);
  try {
    const attempt = options.attempt ?? (await state.of(job).result())?.attempt;
    const client = await context.connectTemporal(environment);
    try {
      const event =
        attempt === undefined ? undefined : await createExportEvents(state).resend({ ...job, attempt });
      if (event === undefined) {
        throw new InvalidInput(`${printable(job.export_id)} has no ended attempt whose event could be sent.`);
      }
      await client.workflow.start(WORKFLOW_TYPES.event, {
        workflowId: eventWorkflowId(event.job),
        taskQueue: orchestratorTaskQueue(base),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [event.job],
      });
      const { type, webhook_id } = event;
      if (options.json === true) terminal.out(JSON.stringify({ type, webhook_id, ...event.job }));
      else terminal.out(`${type} of attempt ${event.job.attempt} is sent again as ${webhook_id}.`);
      return EXIT.ok;
    } finally {
      await client.connection.close();
    }
  } finally {
    close();
  }
}

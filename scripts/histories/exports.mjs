import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { startExportsDemo } = require('#tools/demo/exports/run-exports.js');

/**
 * Jobs of which no two are alike to a workflow: what is in their archives is not its matter. The demo kills the worker that
 * has the large one.
 */
const KINDS = ['plain', 'small_files', 'not_ready', 'broken_archive', 'no_archive', 'large'];

export const startExports = (folder, log) =>
  startExportsDemo({ smallFiles: 40, only: KINDS, folder, environment: process.env, log });

/** Runs what a demo does not: a source that is paused, continue-as-new, both ways to cancel, inputs that are refused. */
export async function runOtherExports(client, { TASK_QUEUE: base }) {
  const taskQueue = `${base}-exports`;
  const start = (exportId, more = {}, workflowId = `export:default:${exportId}`) =>
    client.workflow.start('exportJobWorkflow', {
      taskQueue,
      workflowId,
      args: [{ export_id: exportId, ...more }],
    });
  const ended = (handle) => handle.result().catch(() => undefined);

  await ended(await start('thousand'));
  await ended(await start('nobody-knows-it'));
  await ended(await start('refused', {}, 'refused'));
  // Each partial, so that another attempt has something to do.
  const continued = await start('broken', { force: true, history_event_limit: 50 });
  await continued.executeUpdate('pause_source');
  const { runId } = await continued.describe();
  const latest = client.workflow.getHandle(continued.workflowId);
  while ((await latest.describe()).runId === runId) await latest.signal('wake', 1);
  await latest.executeUpdate('resume_source');
  await ended(latest);
  const signalled = await start('page-for-people', { force: true });
  await signalled.signal('cancel');
  await ended(signalled);
  const cancelled = await start('page-for-people', { force: true });
  await cancelled.cancel();
  await ended(cancelled);
  const task = await client.workflow.start('exportTaskWorkflow', {
    taskQueue,
    workflowId: 'refused-task',
    args: [{ source: 'default', export_id: 'x', first_ordinal: 0 }],
  });
  await ended(task);
  // By themselves they run every five minutes, and every hour.
  await sweep(client, `${taskQueue}-sweep-dead-letters`, 'exportDeadLetterSweepWorkflow');
  await sweep(client, `${taskQueue}-sweep-uploads`, 'exportUploadSweepWorkflow');
}

async function sweep(client, schedule, type) {
  await client.schedule.getHandle(schedule).trigger();
  const query = `WorkflowType="${type}" AND ExecutionStatus="Completed"`;
  while ((await client.workflow.count(query)).count === 0) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

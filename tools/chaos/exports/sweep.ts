import { orchestratorTaskQueue, SWEEP_WORKFLOW_TYPES } from '#vachan/pipelines/exports/contract/names.js';
import type { ExportsArena } from './exports-arena.js';

/** An upload that nobody goes on with is left for a day. */
const AHEAD_MS = 25 * 3_600_000;
const LOOK_EVERY_MS = 500;
const WITHIN_MS = 120_000;

/** Runs both sweeps as their Schedules would; that of uploads with workers whose clocks say that it is tomorrow. */
export async function sweepAll(arena: ExportsArena): Promise<void> {
  await sweepDeadLetters(arena);
  const workers = arena.fleet.workers().filter(({ role }) => role === 'worker');
  for (const one of workers) one.shiftClock(AHEAD_MS);
  await sweep(arena, 'sweep-uploads', SWEEP_WORKFLOW_TYPES.uploads);
  for (const one of workers) one.shiftClock(0);
}

type Asked = Pick<ExportsArena, 'temporal' | 'taskQueue'>;

/** A job takes a dead task for a lost one, and sends it again, unless it is swept before twice the visibility is over. */
export const sweepDeadLetters = (at: Asked): Promise<void> =>
  sweep(at, 'sweep-dead-letters', SWEEP_WORKFLOW_TYPES.deadLetters);

/** @throws Error when it does not end */
async function sweep({ temporal, taskQueue }: Asked, schedule: string, type: string): Promise<void> {
  const completed = (): Promise<number> =>
    temporal((client) =>
      client.workflow.count(
        `ExecutionStatus="Completed" AND WorkflowType="${type}" AND TaskQueue="${orchestratorTaskQueue(taskQueue)}"`,
      ),
    ).then(({ count }) => count);
  const until = Date.now() + WITHIN_MS;
  const before = await completed();
  for (;;) {
    try {
      await temporal((client) =>
        client.schedule.getHandle(`${orchestratorTaskQueue(taskQueue)}-${schedule}`).trigger(),
      );
      break;
    } catch (error) {
      // An orchestrator that is still starting has yet to make it.
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
  while ((await completed()) === before) {
    if (Date.now() > until)
      throw new Error(`The schedule ${schedule} did not run to its end within two minutes.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

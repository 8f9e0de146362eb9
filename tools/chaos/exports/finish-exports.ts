import { readResult } from '../../exports/read-world.js';
import type { SeededJob } from '../../exports/seeded-job.js';
import type { Injector } from '../injector.js';
import { createPatience } from '../patience.js';
import type { ExportsArena } from './exports-arena.js';

export interface FinishExportsOptions {
  arena: ExportsArena;
  injector: Injector;
  log: (line: string) => void;
}

const LOOK_EVERY_MS = 1000;
/**
 * Without any progress after the last fault. A lost task is sent again after twice the visibility, a job looks at its
 * fragments every minute, and a message that met its owner waits for another one.
 */
const PATIENCE_SECONDS = 240;
/** Jobs that were sent and have not ended: fewer, and faults would meet processes that have nothing to do. */
const OPEN_JOBS = 3;

/**
 * Sends the jobs one after the other while faults go on, cancels those that are to be cancelled, and waits until all have
 * ended and nothing is left in the queues or with Temporal.
 *
 * @returns false when nothing got done any more although something was left
 */
export async function finishExports({ arena, injector, log }: FinishExportsOptions): Promise<boolean> {
  const { exports, fleet, temporal } = arena;
  const harness: { over: boolean; stopped: boolean; failure?: Error } = { over: false, stopped: false };
  const fail = (error: unknown): void => {
    harness.failure = error instanceof Error ? error : new Error(String(error));
  };
  injector.done.then(() => (harness.over = true), fail);
  fleet.hopeless.catch(fail);
  const patience = createPatience(PATIENCE_SECONDS);
  const open = new Set<SeededJob>(exports.jobs);

  while (!patience.isOver()) {
    if (harness.failure !== undefined) throw harness.failure;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    try {
      if (!harness.over) patience.restart();
      for (const job of open) if (await hasEnded(arena, job)) open.delete(job);
      patience.saw(`${arena.progress()} ${open.size}`);
      await temporal((client) => exports.cancelDue(client));
      if (exports.lateLeft() > 0) {
        if (harness.over || open.size - exports.lateLeft() < OPEN_JOBS) await exports.sendLate();
        continue;
      }
      if (open.size > 0 || (await arena.depth()) > 0 || (await isWorking(arena))) continue;
      if (harness.over) return true;
      // Those that have begun go on to their end.
      if (!harness.stopped) log('Nothing is left to do; further faults would hit nothing.');
      harness.stopped = true;
      injector.stop();
      // Nobody will come by any more.
      arena.gate.disarmAll();
    } catch {
      // A server is down; it is looked at again.
    }
  }
  const left = [...open].map(({ ref }) => ref.export_id);
  log(`Nothing gets done any more: ${left.length} jobs are open (${left.slice(0, 5).join(', ')}).`);
  return false;
}

async function hasEnded({ s3, endpoints }: ExportsArena, job: SeededJob): Promise<boolean> {
  const result = await readResult(s3, endpoints, job.ref);
  return result !== undefined && result.attempt >= job.attempt;
}

/** Whether any job or task runs, or will run again. */
async function isWorking({ temporal, taskQueue }: ExportsArena): Promise<boolean> {
  const { count } = await temporal((client) =>
    client.workflow.count(
      `ExecutionStatus="Running" AND TaskQueue STARTS_WITH "${taskQueue}" AND WorkflowType IN ("exportJobWorkflow", "exportTaskWorkflow")`,
    ),
  );
  return count > 0;
}

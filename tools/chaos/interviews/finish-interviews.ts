import type { Injector } from '../injector.js';
import { createPatience } from '../patience.js';
import { READINESS_DEADLINE_SECONDS } from './chaos-settings.js';
import type { InterviewsArena } from './interviews-arena.js';

export interface FinishInterviewsOptions {
  arena: InterviewsArena;
  injector: Injector;
  log: (line: string) => void;
}

const LOOK_EVERY_MS = 1000;
/** Without any progress after the last fault: a job whose object never comes is waited for until its deadline. */
const PATIENCE_SECONDS = READINESS_DEADLINE_SECONDS + 120;
/** Interviews under way: fewer, and faults would meet processes that have nothing to do. Those whose object never comes do not count. */
const OPEN_INTERVIEWS = 12;

/**
 * Adds interviews one after the other while faults go on, takes their stories on, and waits until all have ended and been told.
 *
 * @returns false when nothing got done any more although something was left
 */
export async function finishInterviews({ arena, injector, log }: FinishInterviewsOptions): Promise<boolean> {
  const { course, fleet, receiver, gate } = arena;
  const harness: { over: boolean; stopped: boolean; failure?: Error } = { over: false, stopped: false };
  const fail = (error: unknown): void => {
    harness.failure = error instanceof Error ? error : new Error(String(error));
  };
  injector.done.then(() => (harness.over = true), fail);
  fleet.hopeless.catch(fail);
  const patience = createPatience(PATIENCE_SECONDS);
  let open: string[] = [];
  let trouble = '';
  while (!patience.isOver()) {
    if (harness.failure !== undefined) throw harness.failure;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    try {
      if (!harness.over) patience.restart();
      const underWay = await course.goOn();
      open = underWay.map(({ id }) => id);
      const working = underWay.filter(({ media }) => media.some(({ content }) => content !== undefined));
      patience.saw(`${open.join()} ${course.left()} ${receiver.taken.size}`);
      let added = 0;
      while (working.length + added < OPEN_INTERVIEWS && (await course.addNext())) added += 1;
      if (added > 0 || open.length > 0) continue;
      if (harness.over) return true;
      // Those that have begun go on to their end.
      if (!harness.stopped) log('Nothing is left to do; further faults would hit nothing.');
      harness.stopped = true;
      injector.stop();
      // Nobody will come by any more.
      gate.disarmAll();
    } catch (error) {
      // A server is down; it is looked at again.
      trouble = error instanceof Error ? error.message : String(error);
    }
  }
  log(
    `Nothing gets done any more: ${open.length} interviews are open (${open.slice(0, 5).join(', ')}). ${trouble}`,
  );
  return false;
}

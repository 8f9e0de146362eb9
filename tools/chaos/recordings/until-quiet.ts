import type { Arena } from './arena.js';
import { quietness } from './finish-run.js';
import { createPatience } from '../patience.js';

const LOOK_EVERY_MS = 500;
const PATIENCE_SECONDS = 120;

/** Keeps the discovery going until nothing is left to do, or nothing gets done any more; it is left running. */
export async function untilQuiet({ keeper, depth, progress, fleet }: Arena): Promise<void> {
  const quiet = quietness(keeper, depth);
  const patience = createPatience(PATIENCE_SECONDS);
  let hopeless: unknown;
  fleet.hopeless.catch((error: unknown) => (hopeless = error));
  while (!patience.isOver()) {
    if (hopeless !== undefined) throw hopeless as Error;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    try {
      await keeper.keepRunning();
      patience.saw(await progress());
      if (await quiet()) return;
    } catch {
      // No worker answers the query yet.
    }
  }
}

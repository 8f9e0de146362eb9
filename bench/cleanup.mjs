// What a bench must not leave behind, however it ends: folders, servers, processes.
import { rmSync } from 'node:fs';
import { benchCache } from './cache.mjs';
import { processesBelow } from './service/processes.mjs';

/** Each with the exit code that a shell gives a program which it ended. */
const STOP_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

const undoings = [];
let listening = false;
/** Set by the first signal to stop; does not settle, since the process exits. */
let stopped;

/**
 * Has `undo` called when the bench ends, fails, or is told to stop by Ctrl-C or SIGTERM: the last one first. Before the first call a
 * signal ends the process as usual.
 */
export function atEnd(undo) {
  undoings.push(undo);
  if (listening) return;
  listening = true;
  for (const [signal, code] of Object.entries(STOP_SIGNALS)) {
    // Later signals are swallowed: `npm run` and the terminal both pass on a Ctrl-C, and cleaning up takes seconds at most.
    process.on(signal, () => (stopped ??= stop(code)));
  }
}

/** Waits for what is being started, and has it stopped in the end: also when that comes before it is up. */
export function keep(starting, stop) {
  atEnd(async () => {
    const started = await Promise.resolve(starting).catch(() => undefined);
    if (started !== undefined) await stop(started);
  });
  return starting;
}

/** A folder of this run's own in the cache, gone in the end. */
export function benchFolder(root, name) {
  const folder = benchCache(root, `${name}-${process.pid}`);
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Kills a child that is still there, and its children. */
export function killTree(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const below = processesBelow(child.pid);
  child.kill('SIGKILL');
  for (const { pid } of below) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Does the work, and then undoes whatever it was that {@link atEnd} was told. */
export async function thenCleanUp(work) {
  try {
    return await work();
  } finally {
    // What fails since it was taken away is no news.
    await stopped;
    await undoAll();
  }
}

async function stop(code) {
  process.on('unhandledRejection', () => undefined);
  await undoAll().catch((error) => console.error(error));
  process.exit(code);
}

async function undoAll() {
  const errors = [];
  while (undoings.length > 0) {
    try {
      await undoings.pop()();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atEnd, killTree } from '../cleanup.mjs';

/** Keeps a side to so many cores where Linux' taskset is; elsewhere the number of its processes has to do. */
const pins = spawnSync('taskset', ['--version']).status === 0;
export const pinning = pins ? 'pinned with taskset' : 'not pinned';

/**
 * Starts one side of the race and waits until it is warm.
 *
 * @param cores how many it may use, from the first on; also the number of its processes
 * @returns `{ready, ask(command), quit()}`
 */
export async function startContestant(command, args, cores) {
  const coreList = Array.from({ length: cores }, (_, core) => core).join(',');
  const child = pins
    ? spawn('taskset', ['-c', coreList, command, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(() => killTree(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.once('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended with ${await gone} instead of answering`);
    return JSON.parse(value);
  };
  const { ready } = await next();
  return {
    ready,
    ask(request) {
      child.stdin.write(`${request}\n`);
      return next();
    },
    async quit() {
      child.stdin.end('quit\n');
      await gone;
    },
  };
}

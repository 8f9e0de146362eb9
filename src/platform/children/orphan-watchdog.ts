/**
 * A thread beside a pool member's own. A member that decodes hears of nothing until it is done, and one that hangs in native code never
 * does; so when its parent was killed, nobody would be left to end it.
 */
import { workerData } from 'node:worker_threads';
import { killDescendants } from './process-tree.js';

/** How long an orphan may live; the parent's successor may need its core. */
const LOOK_EVERY_MS = 1_000;

const parentPid = workerData as number;

setInterval(() => {
  // An orphan is adopted by another process.
  if (process.ppid !== parentPid) {
    killDescendants();
    process.kill(process.pid, 'SIGKILL');
  }
}, LOOK_EVERY_MS);

/**
 * Loaded into a worker before its own code (`node -r`): does to it what cannot be done from outside, and ends it with
 * its parent. The parent writes one order a line to standard input:
 *
 * - `die <event>` ends the process right after it has logged this event, `die` takes that back. The logger writes
 *   synchronously, so the process dies before the statement that follows;
 * - `clock <milliseconds>` sets its clock so far off, at once;
 * - `disk full` and `disk free`: what is written through file handles, i.e. downloads into the scratch, fails;
 * - `memory <percent>`: it reads of a machine of one gigabyte of which so much is in use, `memory` of the true one.
 */
import fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';

const state = { dieAt: '', clockOffMs: 0, diskIsFull: false, memoryPercent: '' };
/** Less than any machine has that this runs on, so that it is the narrowest limit. */
const SMALL_MACHINE_KB = 1024 ** 2;

// Threads of the process load this, too, and have no standard input of their own.
if (isMainThread) {
  killAfterLogLines();
  shiftClock();
  void fillDisk();
  fillMemory();
  obeyParent();
}

function obeyParent(): void {
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [order, value = ''] = line.split(' ');
      if (order === 'die') state.dieAt = value;
      if (order === 'clock') state.clockOffMs = Number(value);
      if (order === 'disk') state.diskIsFull = value === 'full';
      if (order === 'memory') state.memoryPercent = value;
    }
  });
  // Only the parent holds the other end: its end, in whatever way, is ours.
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
}

function killAfterLogLines(): void {
  const writeSync = fs.writeSync.bind(fs) as (...args: unknown[]) => number;
  // The logger looks the function up at every call, in this very object.
  (fs as { writeSync: unknown }).writeSync = (...args: unknown[]): number => {
    const written = writeSync(...args);
    const { dieAt } = state;
    if (dieAt !== '' && args[0] === 1 && String(args[1]).includes(`"event":"${dieAt}"`)) {
      process.kill(process.pid, 'SIGKILL');
    }
    return written;
  };
}

/** The wall clock only: the monotonic one, and what the native core uses, are not JavaScript's to change. */
function shiftClock(): void {
  const RealDate = Date;
  const now = (): number => RealDate.now() + state.clockOffMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver): unknown =>
      key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown),
  });
}

function fillMemory(): void {
  const readFileSync = fs.readFileSync.bind(fs) as (...args: unknown[]) => unknown;
  (fs as { readFileSync: unknown }).readFileSync = (...args: unknown[]): unknown => {
    if (args[0] !== '/proc/meminfo' || state.memoryPercent === '') return readFileSync(...args);
    const used = Math.round((SMALL_MACHINE_KB * Number(state.memoryPercent)) / 100);
    return `MemTotal: ${SMALL_MACHINE_KB} kB\nAnonPages: ${used} kB\n`;
  };
}

async function fillDisk(): Promise<void> {
  const some = await open(__filename);
  const handles = Object.getPrototypeOf(some) as FileHandle;
  await some.close();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on each handle below
  const write = handles.write as (this: FileHandle, ...args: unknown[]) => Promise<unknown>;
  (handles as { write: unknown }).write = function (this: FileHandle, ...args: unknown[]): Promise<unknown> {
    if (!state.diskIsFull) return write.apply(this, args);
    return Promise.reject(
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 }),
    );
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import { projectRoot, type Environment } from '../stack/folders.js';

/** A line of a worker's log, as far as the harness looks at it. */
export interface WorkerLine {
  event: string;
  atMs: number;
}

/** One real worker process. */
export interface FleetWorker {
  /** Of the member whose turn it is: the ones that replace it have it too. */
  readonly name: string;
  readonly role: string;
  readonly pid: number;
  readonly exited: Promise<void>;
  readonly isPaused: boolean;
  /** Up and taking work. */
  readonly isReady: boolean;
  /** The last event it wrote. */
  readonly lastEvent: string | undefined;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL right after it writes this event; undefined takes that back. */
  dieAt(event: string | undefined): void;
  /** Sets its wall clock so far off. */
  shiftClock(milliseconds: number): void;
  /** Lets its downloads fail as on a full disk. */
  fillDisk(full: boolean): void;
  /** Has it see so many percent of its memory in use; undefined: what there is. */
  fillMemory(percent: number | undefined): void;
  /** Process ids of its audio pool. */
  poolMembers(): number[];
}

/** Several workers; one that ends is replaced after a moment, whatever ended it. */
export interface Fleet {
  workers(): FleetWorker[];
  /** Starts a further one, which is replaced as the others are. */
  add(member: FleetMember): void;
  /** Events seen so far, by name. */
  counts(): Readonly<Record<string, number>>;
  /** Processes started, replacements included. */
  started(): number;
  onLine(listener: (line: WorkerLine) => void): void;
  /** Resolves when any worker writes this event the next time. */
  nextLine(event: string): Promise<void>;
  /** Rejects when several processes in a row ended by themselves while they started. */
  readonly hopeless: Promise<never>;
  close(): Promise<void>;
}

/** One place of a fleet; whoever ends there is replaced. */
export interface FleetMember {
  name: string;
  role: string;
  env: Environment;
}

export interface FleetOptions {
  members: readonly FleetMember[];
  /** Folder that holds `workers/main.js`. */
  distFolder: string;
  /** Where their logs go, one file a process. */
  folder: string;
}

/** A scheduler takes a moment to notice, too. */
const REPLACE_AFTER_MS = 1000;
/** Nobody killed them, and none came up: more would not either. */
const FAILED_STARTS_IN_A_ROW = 5;

/** Starts the workers; does not wait until they are ready. */
export function startFleet(options: FleetOptions): Fleet {
  const alive = new Map<ChildProcess, FleetWorker>();
  const counts: Record<string, number> = {};
  const listeners: ((line: WorkerLine) => void)[] = [];
  let started = 0;
  let closing = false;
  let failedStarts = 0;
  let giveUp: (error: Error) => void = () => undefined;
  const hopeless = new Promise<never>((_resolve, reject) => (giveUp = reject));
  hopeless.catch(() => undefined);

  const add = (member: FleetMember): void => {
    if (closing) return;
    started += 1;
    const child = spawn(
      process.execPath,
      [
        ...[
          ...WORKER_NODE_FLAGS,
          '--enable-source-maps',
          '--require',
          join(projectRoot(), 'tools', 'dist', 'chaos', 'worker-preload.js'),
        ],
        join(options.distFolder, 'workers', 'main.js'),
      ],
      { cwd: projectRoot(), env: member.env, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(join(options.folder, `${member.name}-${started}.log`));
    child.stderr.pipe(log, { end: false });
    let lastWords = '';
    child.stderr.on('data', (words: Buffer) => (lastWords = words.toString().trim()));
    child.stdin.on('error', () => undefined);
    const said: { last?: string; started: boolean } = { started: false };
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const event = /"event":"(\w+)"/.exec(line)?.[1];
      if (event === undefined) return;
      said.last = event;
      if (event === 'worker_started') {
        said.started = true;
        failedStarts = 0;
      }
      counts[event] = (counts[event] ?? 0) + 1;
      for (const listener of [...listeners]) listener({ event, atMs: Date.now() });
    });
    const exited = once(child, 'close').then(([code, signal]: unknown[]) => {
      log.write(`ended with ${String(code ?? signal)}\n`);
      log.end();
      alive.delete(child);
      if (!said.started && typeof code === 'number' && code !== 0) failedStarts += 1;
      if (failedStarts >= FAILED_STARTS_IN_A_ROW) {
        giveUp(
          new Error(`${failedStarts} workers in a row ended while they started; the last said: ${lastWords}`),
        );
      }
      setTimeout(() => add(member), REPLACE_AFTER_MS).unref();
    });
    alive.set(child, fleetWorker(child, member, exited, said));
  };
  for (const member of options.members) add(member);

  return {
    workers: () => [...alive.values()],
    add,
    counts: () => counts,
    started: () => started,
    onLine: (listener) => {
      listeners.push(listener);
    },
    nextLine: (event) =>
      new Promise((resolve) => {
        const listener = (line: WorkerLine): void => {
          if (line.event !== event) return;
          listeners.splice(listeners.indexOf(listener), 1);
          resolve();
        };
        listeners.push(listener);
      }),
    hopeless,
    async close() {
      closing = true;
      for (const worker of alive.values()) {
        worker.signal('SIGCONT');
        worker.signal('SIGTERM');
      }
      await Promise.all([...alive.values()].map(({ exited }) => exited));
    },
  };
}

function fleetWorker(
  child: ChildProcess,
  { name, role }: FleetMember,
  exited: Promise<void>,
  said: { last?: string; started: boolean },
): FleetWorker {
  let paused = false;
  const order = (line: string): void => {
    child.stdin?.write(`${line}\n`);
  };
  return {
    ...{ name, role },
    pid: child.pid ?? 0,
    exited,
    get lastEvent() {
      return said.last;
    },
    get isReady() {
      return said.started;
    },
    get isPaused() {
      return paused;
    },
    signal(name) {
      if (name === 'SIGSTOP') paused = true;
      if (name === 'SIGCONT') paused = false;
      child.kill(name);
    },
    dieAt: (event) => order(`die ${event ?? ''}`),
    shiftClock: (milliseconds) => order(`clock ${milliseconds}`),
    fillDisk: (full) => order(full ? 'disk full' : 'disk free'),
    fillMemory: (percent) => order(`memory ${percent ?? ''}`),
    poolMembers: () => (child.pid === undefined ? [] : poolMembersOf(child.pid)),
  };
}

/** Reads `/proc`: children whose command names the pool's program. */
function poolMembersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // Fields after the command's name, which may hold anything: state, parent, …
        const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return ppid === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('member');
      } catch {
        return false;
      }
    })
    .map(Number);
}

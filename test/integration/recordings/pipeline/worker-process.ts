import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER_NODE_FLAGS } from '../../../../src/workers/node-flags.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { until } from '../../../until.js';

/** One line of a worker's standard output, parsed. */
export interface LogLine extends Record<string, unknown> {
  level: string;
  event: string;
}

export interface ExitStatus {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real worker process, known by what it writes and serves. */
export interface WorkerProcess {
  readonly pid: number;
  /** Everything written so far, both streams. */
  output(): string;
  errorOutput(): string;
  /** @throws Error when a line is no JSON object with an event */
  lines(): LogLine[];
  of(event: string): LogLine[];
  /** Waits for a line; rejects when the process ends without it. */
  said(event: string, matches?: (line: LogLine) => boolean): Promise<LogLine>;
  /** Where its health endpoints are; known once it listens. */
  healthUrl(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  exited(): Promise<ExitStatus>;
  /** SIGTERM, and how it ended. */
  stop(): Promise<ExitStatus>;
}

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Ends whatever a failed test has left. */
export async function endLeftWorkers(): Promise<void> {
  await Promise.all(
    [...alive].map(async (child) => {
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
    }),
  );
}

/** Starts `dist/workers/main.js`, or another, with this environment and nothing else but what Node itself needs. */
export function spawnWorker(
  env: Readonly<Record<string, string>>,
  main = join(projectRoot(), 'dist', 'workers', 'main.js'),
): WorkerProcess {
  if (!existsSync(main)) throw new Error(`${main} is missing: build first.`);
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...WORKER_NODE_FLAGS, main], {
    env: {
      ...pick({ PATH, HOME, TMPDIR }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code, signal]): ExitStatus => {
    alive.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });

  const worker: WorkerProcess = {
    pid: child.pid ?? 0,
    output: () => out + err,
    errorOutput: () => err,
    lines: () =>
      out
        .slice(0, out.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(Boolean)
        .map(parseLine),
    of: (event) => worker.lines().filter((line) => line.event === event),
    async said(event, matches = () => true) {
      let found: LogLine | undefined;
      await until(() => {
        const over = !alive.has(child);
        found = worker.of(event).find(matches);
        return over || found !== undefined;
      });
      if (found === undefined)
        throw new Error(`The worker ended without ${event}:\n${worker.output().slice(-2000)}`);
      return found;
    },
    async healthUrl() {
      return String((await worker.said('worker_started'))['health']);
    },
    signal: (name) => {
      child.kill(name);
    },
    exited: () => ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
  return worker;
}

function parseLine(line: string): LogLine {
  const parsed = JSON.parse(line) as Partial<LogLine>;
  if (typeof parsed.event !== 'string') throw new Error(`A log line has no event: ${line}`);
  return parsed as LogLine;
}

function pick(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

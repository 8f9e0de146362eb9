import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';

/**
 * Runs a command that must not outlive us. Its guard waits on a pipe that only we hold open: when we close it, or
 * die in whatever way (SIGKILL too), the kernel closes it, the guard reads the end of file and stops the command.
 * `$1` is the stopping signal, `$2` the grace in tenths of a second, the rest the command.
 */
const GUARD_SCRIPT = `
signal=$1; grace=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(
  read -r _ <&3
  kill -s "$signal" "$child"
  while [ "$grace" -gt 0 ] && kill -0 "$child"; do sleep 0.1; grace=$((grace - 1)); done
  kill -s KILL "$child"
) >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$child"; status=$?
kill "$guard" 2>/dev/null
exit "$status"
`;

/** How long a server may take to stop in good order; databases flush within a second or two. */
const STOP_GRACE_SECONDS = 8;
/** Beyond the guard's own grace: only a guard that was itself killed leaves us waiting this long. */
const FORCED_STOP_MARGIN_MS = 3000;
const LOG_TAIL_LINES = 12;
/** Where a Go program that panics says why, before a trace of any length. */
const PANIC = /^(panic|fatal error): /;

export interface GuardedProcessOptions {
  /** For messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** Both output streams are appended to this file. */
  logFile: string;
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string | undefined;
  /** Run as this user and group (Postgres refuses to run as root). */
  user?: { uid: number; gid: number } | undefined;
  /** `TERM` unless the server stops faster on another. */
  stopSignal?: 'TERM' | 'INT';
}

export interface GuardedProcess {
  readonly name: string;
  /** Process group of the command and its guard. */
  readonly groupId: number;
  /** True once the command has ended, whoever ended it. */
  hasExited(): boolean;
  /** The last lines it wrote; before them that of its panic, which a long trace would hide. */
  logTail(): string;
  /** Ends the command and waits until it is gone. Any number of calls. */
  stop(): Promise<void>;
}

/** Starts a command that ends with this process at the latest. */
export function spawnGuarded(options: GuardedProcessOptions): GuardedProcess {
  const log = openSync(options.logFile, 'a');
  // What an earlier start wrote into the same file says nothing of this one.
  const logStart = fstatSync(log).size;
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      GUARD_SCRIPT,
      options.name,
      options.stopSignal ?? 'TERM',
      String(STOP_GRACE_SECONDS * 10),
      options.command,
      ...options.args,
    ],
    {
      stdio: ['pipe', log, log],
      env: options.env,
      cwd: options.cwd,
      // A group of its own: Ctrl-C in the terminal reaches us only, and we stop things in order.
      detached: true,
      ...(options.user ?? {}),
    },
  );
  closeSync(log);
  let startError: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      startError = error;
      resolve();
    });
  });
  const input = child.stdin;
  // Writing is never attempted; a closed pipe when the command has ended already is no news.
  input?.on('error', () => undefined);
  const hasExited = (): boolean =>
    startError !== undefined || child.exitCode !== null || child.signalCode !== null;

  const stop = async (): Promise<void> => {
    input?.end();
    if (hasExited()) return;
    const forced = setTimeout(
      () => {
        killGroup(child.pid);
      },
      STOP_GRACE_SECONDS * 1000 + FORCED_STOP_MARGIN_MS,
    );
    await ended;
    clearTimeout(forced);
  };
  return {
    name: options.name,
    groupId: child.pid ?? 0,
    hasExited,
    logTail: () => startError?.message ?? tail(options.logFile, logStart),
    stop,
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

function tail(file: string, start: number): string {
  if (!existsSync(file)) return '';
  const lines = readFileSync(file).subarray(start).toString('utf8').trimEnd().split('\n');
  const last = Math.max(0, lines.length - LOG_TAIL_LINES);
  const panic = lines.findIndex((line) => PANIC.test(line));
  const hidden = panic >= 0 && panic < last ? [lines[panic]!, '[…]'] : [];
  return [...hidden, ...lines.slice(last)].join('\n');
}

/** Runs a command to its end. @returns its standard output; rejects with the tail of its errors when it fails. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: {
    timeoutMs: number;
    cwd?: string;
    user?: { uid: number; gid: number } | undefined;
    env?: Readonly<Record<string, string | undefined>>;
  },
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
    cwd: options.cwd,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.user ?? {}),
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return out;
  const how = code === null ? `did not end within ${options.timeoutMs / 1000} s` : `ended with code ${code}`;
  const lines = err.trim().split('\n').slice(-3).join(' ');
  throw new Error(`${command} ${how}${lines === '' ? '' : `: ${lines}`}`);
}

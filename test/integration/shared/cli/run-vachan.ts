import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { embeddedStack } from '../../embedded-stack.js';

const ENTRY = join(__dirname, '..', '..', '..', '..', 'bin', 'vachan.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface StartedVachan {
  process: ChildProcess;
  /** Resolves once the text stands on stderr. */
  said: (text: string) => Promise<void>;
  ended: Promise<Ended>;
}

/** Starts the compiled command as a shell would, with the stack's settings and those given. */
export function startVachan(
  args: readonly string[],
  environment: Record<string, string> = {},
  entry = ENTRY,
): StartedVachan {
  const child = spawn(process.execPath, [entry, ...args], {
    // Elsewhere, so that no .env of a developer's is read.
    cwd: embeddedStack().folder,
    env: { PATH: process.env['PATH'], ...embeddedStack().env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.stderr.includes(text)) resolve();
      };
      listeners.add(look);
      void ended.then(({ stderr }) => reject(new Error(`ended without saying "${text}": ${stderr}`)));
      look();
    });
  return { process: child, said, ended };
}

/** Runs the compiled command to its end. */
export function vachan(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
  return startVachan(args, environment).ended;
}

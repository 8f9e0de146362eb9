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
  /** Resolves to the first line of stdout, once it is whole. */
  firstLine: () => Promise<string>;
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
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        const found = look();
        if (found !== undefined) resolve(found);
      };
      listeners.add(listener);
      void ended.then(({ stderr }) => reject(new Error(`ended without ${what}: ${stderr}`)));
      listener();
    });
  const said = async (text: string): Promise<void> => {
    await until(`saying "${text}"`, () => output.stderr.includes(text) || undefined);
  };
  const firstLine = (): Promise<string> =>
    until('a line on stdout', () => /^(.*)\n/.exec(output.stdout)?.[1]);
  return { process: child, said, firstLine, ended };
}

/** Runs the compiled command to its end. */
export function vachan(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
  return startVachan(args, environment).ended;
}

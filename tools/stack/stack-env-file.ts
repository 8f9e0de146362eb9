import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from './process-alive.js';

/** Thrown when another stack of this project is running. */
export class StackRunning extends Error {
  constructor(pid: number, path: string) {
    super(
      `A stack of this project is running already (process ${pid}); its addresses are in ${path}. ` +
        'Stop it with Ctrl-C in its terminal first, or delete the file if that process is something else.',
    );
    this.name = 'StackRunning';
  }
}

/** The file that names a running stack's addresses, and by being there says that one runs. */
export interface StackEnvFile {
  /** Writes the settings; a reader sees the old file or the new one, never half. */
  write: (env: Readonly<Record<string, string>>) => void;
  /** Removes the file, if it is still ours. */
  release: () => void;
}

/**
 * Claims the file for this process; one that a killed stack left behind is taken over.
 *
 * @throws StackRunning while the process that wrote it is alive
 */
export function claimStackEnvFile(path: string): StackEnvFile {
  const header = `# Written by npm run stack; removed when it ends. Process ${process.pid}\n`;
  const claim = (): void => writeFileSync(path, header, { flag: 'wx', mode: 0o600 });
  try {
    claim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = ownerOf(path);
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) throw new StackRunning(owner, path);
    rmSync(path, { force: true });
    claim();
  }
  return {
    write: (env) => {
      const lines = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}\n`);
      const next = `${path}.next`;
      writeFileSync(next, header + lines.join(''), { mode: 0o600 });
      renameSync(next, path);
    },
    release: () => {
      if (ownerOf(path) === process.pid) rmSync(path, { force: true });
    },
  };
}

function ownerOf(path: string): number | undefined {
  try {
    const pid = /^#.*Process (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}

// Both dotenv and a shell's `source` read single quotes literally; values hold no quotes, addresses and paths only.
function quoted(value: string): string {
  return /^[\w.:/@%+,=-]*$/.test(value) ? value : `'${value}'`;
}

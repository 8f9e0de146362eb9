import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** One process's scratch folder. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes this process's folder and removes those of processes of this host that are no more: a killed process cannot
 * sweep its own, and children's recordings must not lie about.
 */
export async function prepareScratch(configuredPath: string | undefined): Promise<Scratch> {
  const root = configuredPath ?? join(tmpdir(), 'vachan-scratch');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const prefix = `${hostname()}-`;
  for (const name of await readdir(root)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    // A container's processes have the same pid at every start: what carries ours is from before.
    if (pid === process.pid || !isAlive(pid)) await rm(join(root, name), { recursive: true, force: true });
  }
  const path = join(root, `${prefix}${process.pid}`);
  await mkdir(path, { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

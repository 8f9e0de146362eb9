import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Names a process so that no other one, on this machine or another that shares the folder, is taken for it. */
export interface ProcessIdentity {
  /** New at every start of the machine; its name where the system has no such id. */
  machine: string;
  /** Containers count processes from 1 each, so an id means something inside one only. */
  pid_namespace: string;
  pid: number;
  /** A pid is given out again; with its start time it is unique. */
  started: string;
}

const OWNER_FILE = 'owner.json';

/** A folder whose owner cannot be looked up from here is abandoned once its owner has been silent for so long. */
export const SILENT_AFTER_MS = 15 * 60_000;

/** Who this process is. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    machine: (await readText('/proc/sys/kernel/random/boot_id'))?.trim() ?? hostname(),
    pid_namespace: await ownPidNamespace(),
    pid: process.pid,
    started: (await startOf(process.pid)) ?? randomUUID(),
  };
}

/** Writes the owner into its new folder; nobody else may have put anything there. */
export async function signFolder(folder: string, owner: ProcessIdentity): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = await open(join(folder, OWNER_FILE), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(JSON.stringify(owner));
  } finally {
    await file.close();
  }
}

/** Tells processes that cannot see this one that it lives. */
export async function signOfLife(folder: string, now: Date): Promise<void> {
  const file = await open(join(folder, OWNER_FILE), constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    await file.utimes(now, now);
  } finally {
    await file.close();
  }
}

/**
 * Whether the process that signed a folder is gone for certain: looked up where this process can see it, and otherwise (another
 * container, another machine) after a long silence. A folder that nobody signed is nobody's to remove.
 */
export async function isAbandoned(folder: string, self: ProcessIdentity, nowMs: number): Promise<boolean> {
  const path = join(folder, OWNER_FILE);
  const owner = parseOwner(await readText(path));
  if (owner === undefined) return false;
  if (owner.machine === self.machine && owner.pid_namespace === self.pid_namespace) {
    return owner.pid === self.pid ? owner.started !== self.started : !(await lives(owner));
  }
  const { mtimeMs } = await stat(path);
  return nowMs - mtimeMs > SILENT_AFTER_MS;
}

async function lives({ pid, started }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const found = await startOf(pid);
  return found === undefined || found === started;
}

/** When a process started, in the kernel's ticks; undefined where the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  const status = await readText(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold anything.
  return status
    ?.slice(status.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}

async function ownPidNamespace(): Promise<string> {
  try {
    return await readlink('/proc/self/ns/pid');
  } catch {
    return hostname();
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseOwner(text: string | undefined): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Partial<ProcessIdentity> | null;
    const { machine, pid_namespace, pid, started } = owner ?? {};
    if (typeof machine !== 'string' || typeof pid_namespace !== 'string') return undefined;
    if (!Number.isInteger(pid) || typeof started !== 'string') return undefined;
    return { machine, pid_namespace, pid: pid!, started };
  } catch {
    return undefined;
  }
}

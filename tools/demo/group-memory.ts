import { readFileSync, readdirSync } from 'node:fs';

/** Resident memory, in MB, of a worker and of the audio processes that it started. */
export interface GroupMemory {
  worker: number;
  pool: number;
}

const BYTES_PER_MB = 1024 * 1024;
/** Linux reports memory in pages of this size on every machine that Node supports. */
const PAGE_BYTES = 4096;

/** Keeps the highest memory seen of a process group. */
export class PeakMemory {
  #peak: GroupMemory | undefined;

  /** Undefined where there is no `/proc` to read. */
  get peak(): GroupMemory | undefined {
    return this.#peak;
  }

  look(groupId: number): void {
    const now = groupMemory(groupId);
    if (now === undefined) return;
    this.#peak = {
      worker: Math.max(this.#peak?.worker ?? 0, now.worker),
      pool: Math.max(this.#peak?.pool ?? 0, now.pool),
    };
  }
}

function groupMemory(groupId: number): GroupMemory | undefined {
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  const memory: GroupMemory = { worker: 0, pool: 0 };
  for (const pid of entries) {
    const found = nodeProcessOf(groupId, pid);
    if (found === undefined) continue;
    memory[found.isPool ? 'pool' : 'worker'] += Math.round(found.rssBytes / BYTES_PER_MB);
  }
  return memory;
}

function nodeProcessOf(groupId: number, pid: string): { isPool: boolean; rssBytes: number } | undefined {
  try {
    // Fields after the command's name, which may hold anything: state, parent, group, …
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    if (group !== groupId) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (!command.includes('node')) return undefined;
    const rssPages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { isPool: command.includes('member.js'), rssBytes: rssPages * PAGE_BYTES };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

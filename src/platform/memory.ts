import { join } from 'node:path';
import { cgroupFolders, readText, type ReadText } from './cgroups.js';

/** What of a memory limit is in use. */
export interface MemoryUse {
  limitBytes: number;
  /** Of all processes under the limit, what cannot be given back: page cache can, and fills whatever is free. */
  anonymousBytes: number;
}

/**
 * The memory of the narrowest cgroup that limits this process (`docker --memory`, Kubernetes' `limits.memory`), or of the
 * machine.
 *
 * @returns undefined where neither can be read
 */
export function memoryUse(read: ReadText = readText): MemoryUse | undefined {
  const limited = cgroupFolders('memory', read).flatMap((folder) => useOf(folder, read) ?? []);
  const [narrowest] = limited.sort((one, other) => one.limitBytes - other.limitBytes);
  const machine = useOfMachine(read);
  // A limit beyond what the machine has limits nothing.
  if (narrowest === undefined) return machine;
  return machine !== undefined && machine.limitBytes < narrowest.limitBytes ? machine : narrowest;
}

function useOf(folder: string, read: ReadText): MemoryUse | undefined {
  const limit = Number(
    (read(join(folder, 'memory.max')) ?? read(join(folder, 'memory.limit_in_bytes')))?.trim(),
  );
  const statistics = read(join(folder, 'memory.stat')) ?? '';
  // Version 1 has `total_rss` for the cgroup with those below it.
  const anonymous = fieldOf(statistics, 'anon') ?? fieldOf(statistics, 'total_rss');
  // `max`, or a number near 2^63, means no limit.
  const isLimit = Number.isFinite(limit) && limit > 0 && limit < Number.MAX_SAFE_INTEGER;
  return isLimit && anonymous !== undefined ? { limitBytes: limit, anonymousBytes: anonymous } : undefined;
}

function useOfMachine(read: ReadText): MemoryUse | undefined {
  const info = read('/proc/meminfo') ?? '';
  const [total, anonymous] = ['MemTotal', 'AnonPages'].map((name) => fieldOf(info, `${name}:`));
  return total === undefined || anonymous === undefined
    ? undefined
    : { limitBytes: total * 1024, anonymousBytes: anonymous * 1024 };
}

function fieldOf(text: string, name: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  const value = Number(line?.slice(name.length).trim().split(' ')[0]);
  return Number.isFinite(value) && line !== undefined ? value : undefined;
}

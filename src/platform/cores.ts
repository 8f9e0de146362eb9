import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** What is read to find a quota, so that tests can bring files of their own. */
export interface CpuSources {
  /** Cores that the scheduler may put this process on (affinity and cpuset). */
  scheduled: number;
  /** A file's text, or undefined where it is not there or may not be read. */
  read: (path: string) => string | undefined;
}

const THIS_PROCESS: CpuSources = { scheduled: availableParallelism(), read: readText };

/**
 * Cores that this process may keep busy: those it may run on, or fewer where a cgroup limits its processor time (`docker --cpus`,
 * Kubernetes' `limits.cpu`, systemd's `CPUQuota`), as Node 20 does not look at. Whole ones, at least 1, rounded down: of two processes
 * that share a quota of 1.5 cores each is stopped for a quarter of the time, and takes as much memory; what is left over serves the process
 * that feeds them.
 */
export function usableCores({ scheduled, read }: CpuSources = THIS_PROCESS): number {
  const quotas = cpuCgroups(read).flatMap((folder) => quotaOf(folder, read) ?? []);
  return Math.max(1, Math.floor(Math.min(scheduled, ...quotas)));
}

/** Cores' worth of processor time, from version 2's one file or version 1's two; undefined where there is an unknown limit. */
function quotaOf(folder: string, read: CpuSources['read']): number | undefined {
  const unified = read(join(folder, 'cpu.max'))?.trim().split(/\s+/);
  const [quota, period] =
    unified ?? ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => read(join(folder, file))?.trim());
  const cores = Number(quota) / Number(period);
  // `max` and -1 mean no limit.
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

/** Folders of the cgroups that this process is in, itself and all above it as far as they can be seen: each of them limits. */
function cpuCgroups(read: CpuSources['read']): string[] {
  const mounts = cgroupMounts(read('/proc/self/mountinfo') ?? '');
  const memberships = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  return memberships.flatMap(([, controllers = '', ...path]) => {
    const isUnified = controllers === '';
    if (!isUnified && !controllers.split(',').includes('cpu')) return [];
    return mounts
      .filter((mount) => mount.isUnified === isUnified)
      .flatMap((mount) => foldersUpTo(mount, path.join(':')));
  });
}

interface CgroupMount {
  isUnified: boolean;
  /** The cgroup that is seen at the mount point: a container's own, mostly. */
  root: string;
  point: string;
}

/** Mounts of version 2, and of version 1's cpu controller. */
function cgroupMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line): CgroupMount[] => {
    // Optional fields end with a lone hyphen.
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup2') return [{ isUnified: true, root, point }];
    if (type === 'cgroup' && options.split(',').includes('cpu')) return [{ isUnified: false, root, point }];
    return [];
  });
}

/** mountinfo writes a space as \040. */
const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));

function foldersUpTo({ root, point }: CgroupMount, path: string): string[] {
  const below = relative(root, path);
  // A path outside the mount (`/../…`) belongs to a namespace above: what can be seen of it is the mount point.
  const own = below.startsWith('..') ? point : join(point, below);
  const folders = [own];
  while (folders.at(-1) !== point) folders.push(dirname(folders.at(-1)!));
  return folders;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

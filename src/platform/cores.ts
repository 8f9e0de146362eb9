import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cgroupFolders, readText, type ReadText } from './cgroups.js';

/** What is read to find a quota, so that tests can bring files of their own. */
export interface CpuSources {
  /** Cores that the scheduler may put this process on (affinity and cpuset). */
  scheduled: number;
  read: ReadText;
}

const THIS_PROCESS: CpuSources = { scheduled: availableParallelism(), read: readText };

/**
 * Cores that this process may keep busy: those it may run on, or fewer where a cgroup limits its processor time (`docker --cpus`,
 * Kubernetes' `limits.cpu`, systemd's `CPUQuota`), as Node 20 does not look at. Whole ones, at least 1, rounded down: of two processes
 * that share a quota of 1.5 cores each is stopped for a quarter of the time, and takes as much memory; what is left over serves the process
 * that feeds them.
 */
export function usableCores({ scheduled, read }: CpuSources = THIS_PROCESS): number {
  const quotas = cgroupFolders('cpu', read).flatMap((folder) => quotaOf(folder, read) ?? []);
  return Math.max(1, Math.floor(Math.min(scheduled, ...quotas)));
}

/** Cores' worth of processor time, from version 2's one file or version 1's two; undefined where there is an unknown limit. */
function quotaOf(folder: string, read: ReadText): number | undefined {
  const unified = read(join(folder, 'cpu.max'))?.trim().split(/\s+/);
  const [quota, period] =
    unified ?? ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => read(join(folder, file))?.trim());
  const cores = Number(quota) / Number(period);
  // `max` and -1 mean no limit.
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

import { readFileSync } from 'node:fs';

/** Most resident memory that a process has had, in MB; 0 when it is gone or there is no /proc. */
export function peakMemoryMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

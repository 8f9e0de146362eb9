import { readFileSync, readdirSync } from 'node:fs';

/** Linux reports memory in pages of this size on every machine that Node supports. */
const PAGE_BYTES = 4096;

/** The processes that a process started, and those that they did; none where there is no `/proc`. */
export function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Resident memory of a process and its descendants; undefined when it is gone, or where there is no `/proc`. */
export function treeRssBytes(pid: number): number | undefined {
  const own = rssBytes(pid);
  return own && descendantsOf(pid).reduce((sum, child) => sum + (rssBytes(child) ?? 0), own);
}

/** Ends a process and its descendants, which would outlive it: they are not told that their parent is gone. */
export function killTree(pid: number): void {
  // Stopped first, so that it starts no further one between the look and its end.
  signal(pid, 'SIGSTOP');
  for (const child of descendantsOf(pid)) signal(child, 'SIGKILL');
  signal(pid, 'SIGKILL');
}

/** Ends what this process has started. */
export function killDescendants(): void {
  for (const child of descendantsOf(process.pid)) signal(child, 'SIGKILL');
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function rssBytes(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

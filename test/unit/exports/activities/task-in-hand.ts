import type { MockActivityEnvironment } from '@temporalio/testing';
import {
  createDownloadTaskActivity,
  type FileWork,
} from '../../../../src/activities/exports/download-task.js';
import type { Fragment } from '../../../../src/pipelines/exports/contract/fragment.js';
import type { ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import type { HeldTask, TaskEnd } from '../../../../src/pipelines/exports/process/held-task.js';
import { failedFragment } from '../../../../src/pipelines/exports/state/failed-fragment.js';
import type { JobState } from '../../../../src/pipelines/exports/state/job-state.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { activityEnvironment } from '../../shared/activities/in-activity.js';

export const JOB = { source: 'default', export_id: 'x' };
const file = (ordinal: number): ListedFile => ({ ordinal, file_id: `f-${ordinal}`, name: 'a.zip', size: 1 });

interface Scene {
  files?: number;
  settled?: number[];
  cancelled?: boolean;
  held?: boolean;
  yields?: () => boolean;
  turn?: HeldTask['turn'];
  settleFile?: FileWork['settleFile'];
}

/** A task of three files, and what becomes of its message. */
export function taskInHand({
  files = 3,
  settled = [],
  cancelled = false,
  held = true,
  yields = () => false,
  turn = () => Promise.resolve(() => undefined),
  settleFile,
}: Scene = {}) {
  const fragments = new Map<number, Fragment>(settled.map((n) => [n, failedFragment(file(n), 'gone', '')]));
  const created = new Set<string>();
  const log = recordingLogger();
  const ends: TaskEnd[] = [];
  const woken: number[] = [];
  const clock = { now: 0 };
  const lease = new AbortController();
  const yielding = new AbortController();
  const listing = Array.from({ length: 3 }, (_, n) => file(n));
  const task: HeldTask = {
    task: {
      version: 1,
      ...JOB,
      first_ordinal: 0,
      files: Array.from({ length: files }, (_, ordinal) => ({ ordinal, file_id: `f-${ordinal}` })),
      correlation_id: 'c-1',
      dispatched_at: '2026-11-27T10:00:00.000Z',
    },
    signal: lease.signal,
    yieldSignal: yielding.signal,
    shouldYield: yields,
    turn,
    finish: (end) => ends.push(end),
  };
  const job = {
    job: JOB,
    keys: { yielded: (ordinal: number) => `yielded/${ordinal}` },
    listing: {
      findPage: () => Promise.resolve(listing),
      restated: (of: ListedFile) => Promise.resolve(of.ordinal === 1 ? { ...of, size: 2 } : undefined),
    },
    fragments: {
      among: (ordinals: number[]) => Promise.resolve(new Set(ordinals.filter((n) => fragments.has(n)))),
      write: (fragment: Fragment) => {
        fragments.set(fragment.ordinal, fragment);
        return Promise.resolve('written');
      },
    },
    isCancelled: () => Promise.resolve(cancelled),
  } as unknown as JobState;
  const objects = {
    create: (key: string) => Promise.resolve(created.size < created.add(key).size),
  };
  const activities = createDownloadTaskActivity({
    state: { of: () => job, objects: objects as never },
    heldTasks: { take: () => (held ? task : undefined) },
    work: {
      settleFile:
        settleFile ?? ((_job, of) => Promise.resolve({ fragment: failedFragment(of, 'gone', ''), rows: [] })),
    },
    waker: { settled: (_job, count) => woken.push(count), close: () => Promise.resolve() },
    log,
    yieldAfterSeconds: 20,
    now: () => clock.now,
  });
  const run = (
    environment: MockActivityEnvironment = activityEnvironment({ scheduledTimestampMs: 0 }),
  ): Promise<{ outcome: TaskEnd }> =>
    environment.run(() => activities.downloadTask({ ...JOB, first_ordinal: 0 }));
  return { run, ends, woken, fragments, clock, lease, yielding, log };
}

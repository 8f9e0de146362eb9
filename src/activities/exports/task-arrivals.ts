import type { OutTask } from './dispatch-state.js';

/** When the latest of the tasks was sent that have come through each queue: of all jobs that this process has looked at. */
export interface TaskArrivals {
  /** Told of a task whose files are settled. */
  note(queue: object, task: Pick<OutTask, 'sent_at' | 'again'>): void;
  /** 0 where nothing is known of the queue. */
  latestMs(queue: object): number;
}

/**
 * Any job's task tells how far a queue has come, so that a lost task of a job that has no later ones is found as well.
 * Forgotten with the process: what is lost is then found later.
 */
export function watchArrivals(): TaskArrivals {
  const latest = new WeakMap<object, number>();
  return {
    note(queue, { sent_at: at, again }) {
      // Of one that was sent again it may have been the earlier message.
      if (again === 0) latest.set(queue, Math.max(latest.get(queue) ?? 0, Date.parse(at)));
    },
    latestMs: (queue) => latest.get(queue) ?? 0,
  };
}

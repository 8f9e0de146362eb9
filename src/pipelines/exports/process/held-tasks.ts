import type { ConsumedMessage } from '../../../queue/consumed-message.js';
import type { DownloadTaskMessage } from '../contract/messages.js';
import type { HeldTask, HeldTasks, TaskEnd } from './held-task.js';

/** How a held task's message is let go: as its activity says, or because it is no longer this process's. */
export type HeldEnd = TaskEnd | 'lost';

export interface TaskInHand {
  /** Resolves once the task's activity has finished it, or the message is lost. */
  readonly ended: Promise<HeldEnd>;
  /** True once an activity has come for it. */
  readonly taken: boolean;
  /** Ends it from outside, where no activity will. */
  finish(end: TaskEnd): void;
}

/** The download tasks whose messages this process holds. */
export interface HeldTaskRegistry extends HeldTasks {
  has(workflowId: string): boolean;
  /** A task is held until it has ended. */
  hold(
    workflowId: string,
    consumed: ConsumedMessage<DownloadTaskMessage>,
    turn: HeldTask['turn'],
  ): TaskInHand;
}

export function createHeldTasks(): HeldTaskRegistry {
  const tasks = new Map<string, HeldTask & { taken: boolean }>();
  return {
    has: (workflowId) => tasks.has(workflowId),
    take(workflowId) {
      const task = tasks.get(workflowId);
      if (task !== undefined) task.taken = true;
      return task;
    },
    hold(workflowId, { message, signal, yieldSignal }, turn) {
      let finish: (end: HeldEnd) => void = () => undefined;
      const ended = new Promise<HeldEnd>((resolve) => {
        finish = resolve;
      });
      const task = {
        ...{ task: message, signal, yieldSignal, turn, finish, taken: false },
        shouldYield: () => yieldSignal.aborted,
      };
      const onLost = (): void => finish('lost');
      signal.addEventListener('abort', onLost, { once: true });
      if (signal.aborted) onLost();
      tasks.set(workflowId, task);
      return {
        ended: ended.finally(() => {
          tasks.delete(workflowId);
          signal.removeEventListener('abort', onLost);
        }),
        get taken() {
          return task.taken;
        },
        finish,
      };
    },
  };
}

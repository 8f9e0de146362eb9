import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { BackgroundService, TemporalAccess } from '#vachan/pipelines/pipeline.js';
import type { Logger } from '#vachan/platform/logging/logger.js';
import { onTemporal } from '#vachan/temporal/on-temporal.js';
import { wait } from '#vachan/platform/time/wait.js';
import { numberWorkflowId, WORKFLOW_TYPES, type NumberInput } from './contract.js';
import type { Numbers } from './numbers.js';

const LOOK_EVERY_MS = 200;
const AT_ONCE = 100;

export interface FinderOptions {
  pipeline: string;
  numbers: Pick<Numbers, 'waiting' | 'markBegun'>;
  temporal: TemporalAccess;
  log: Logger;
}

/**
 * Looks for numbers that nobody has begun, and starts a workflow for each. It holds nothing: one that was started and
 * not marked, because the process died in between, is found again, and its workflow is there already.
 */
export function findNumbers({ pipeline, numbers, temporal, log }: FinderOptions): BackgroundService {
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  let looking = Promise.resolve();

  const begin = async (number: number): Promise<void> => {
    try {
      await onTemporal('start a workflow', () =>
        temporal.client.workflow.start(WORKFLOW_TYPES.number, {
          taskQueue: temporal.taskQueue,
          workflowId: numberWorkflowId(pipeline, number),
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          args: [{ number } satisfies NumberInput],
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    await numbers.markBegun(number);
  };

  const look = async (): Promise<void> => {
    while (!stopped()) {
      try {
        for (const number of await numbers.waiting(AT_ONCE)) {
          if (stopped()) return;
          await begin(number);
        }
      } catch (error) {
        log.warn('dependency_unavailable', { error, next_try_ms: LOOK_EVERY_MS });
      }
      await wait(LOOK_EVERY_MS, stop.signal).catch(() => undefined);
    }
  };

  return {
    start: () => {
      looking = look();
    },
    drain: () => stop.abort(),
    close: async () => {
      stop.abort();
      await looking;
    },
  };
}

import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { createClaim } from '../../../../src/pipelines/exports/process/claim-task.js';
import type { TemporalAccess } from '../../../../src/pipelines/pipeline.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { taskOf } from './task-messages.js';

/** @param outcomes what Temporal does, one ask after the other */
function claiming(outcomes: readonly (string | Error)[]) {
  const ids: string[] = [];
  const letGo = new AbortController();
  const client = {
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflow: {
      executeUpdateWithStart: (_: string, { updateId }: { updateId: string }) => {
        const outcome = outcomes[ids.push(updateId) - 1]!;
        return typeof outcome === 'string' ? Promise.resolve(outcome) : Promise.reject(outcome);
      },
    },
  };
  const access = { client, taskQueue: 'exports' } as unknown as TemporalAccess;
  const claim = createClaim(access, { process_queue: 'host', heartbeat_timeout: 45 });
  return { ids, letGo, claim: () => claim(taskOf(0), letGo.signal) };
}

/** As the SDK tells of an answer that did not come within the deadline. */
const unanswered = (): Error =>
  new WorkflowUpdateRPCTimeoutOrCancelledError('Deadline exceeded', {
    cause: Object.assign(new Error('4 DEADLINE_EXCEEDED'), { code: 4 }),
  });
const away = (): Error => Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });

it('asks for an answer again under the id of the claim, which may have been taken', async () => {
  const { ids, claim } = claiming([unanswered(), 'run']);
  expect(await claim()).toBe('run');
  expect(ids).toEqual([ids[0], ids[0]]);
});

it('gives up after the third ask', async () => {
  const { ids, claim } = claiming([unanswered(), unanswered(), unanswered()]);
  await expect(claim()).rejects.toThrow(DependencyUnavailable);
  expect(ids).toHaveLength(3);
});

it('does not ask again once the message was let go: another process may have it', async () => {
  const { ids, letGo, claim } = claiming([unanswered(), 'run']);
  const claimed = claim();
  letGo.abort();
  await expect(claimed).rejects.toThrow(DependencyUnavailable);
  expect(ids).toHaveLength(1);
});

it('does not ask again where Temporal is away', async () => {
  const { ids, claim } = claiming([away()]);
  await expect(claim()).rejects.toThrow(DependencyUnavailable);
  expect(ids).toHaveLength(1);
});

it('claims under an id of its own each time', async () => {
  const { ids, claim } = claiming(['busy', 'run']);
  expect([await claim(), await claim()]).toEqual(['busy', 'run']);
  expect(ids[0]).not.toBe(ids[1]);
});

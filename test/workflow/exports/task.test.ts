import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TaskActivities } from '../../../src/activities/exports/activity-types.js';
import { NOT_HELD, type Claim, type ClaimAnswer } from '../../../src/pipelines/exports/contract/claim.js';
import { taskWorkflowId } from '../../../src/pipelines/exports/contract/job-ref.js';
import type { exportTaskWorkflow } from '../../../src/workflows/exports/task.js';
import { FakeExport, createExportEnvironment, withExportWorkers } from './export-environment.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createExportEnvironment();
});
afterAll(() => environment.teardown());

interface Scene {
  hosts: string[];
  /** Claims the task as the process with this queue. */
  claim: (host: string) => Promise<ClaimAnswer>;
  handle: WorkflowHandle<typeof exportTaskWorkflow>;
  outcome: () => Promise<string>;
}

/** A task, and two processes that may claim it; `downloads` is what its activity does. */
async function withTask<T>(
  downloadTask: TaskActivities['downloadTask'],
  work: (scene: Scene) => Promise<T>,
  { live = 2 }: { live?: number } = {},
): Promise<T> {
  const fake = new FakeExport(1);
  const hosts = [`${fake.taskQueue}-host-a`, `${fake.taskQueue}-host-b`];
  const job = { source: 'default', export_id: fake.exportId };
  const workflowId = taskWorkflowId(job, 0);
  const claim = (host: string): Promise<ClaimAnswer> =>
    environment.client.workflow.executeUpdateWithStart<typeof exportTaskWorkflow, ClaimAnswer, [Claim]>(
      'claim',
      {
        startWorkflowOperation: new WithStartWorkflowOperation('exportTaskWorkflow', {
          workflowId,
          taskQueue: fake.taskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          args: [{ ...job, first_ordinal: 0 }],
        }),
        args: [{ process_queue: host, heartbeat_timeout: 45 }],
      },
    );
  const handle = environment.client.workflow.getHandle<typeof exportTaskWorkflow>(workflowId);
  const outcome = async (): Promise<string> => (await handle.result()).outcome;
  return withExportWorkers(
    environment,
    fake,
    fake.activities({ downloadTask }),
    () => work({ hosts, claim, handle, outcome }),
    hosts.slice(0, live),
  );
}

/** An activity that goes on until it is told. */
function held() {
  let finish: (outcome: 'settled' | 'yielded') => void = () => undefined;
  const ended = new Promise<'settled' | 'yielded'>((resolve) => (finish = resolve));
  return { finish, downloadTask: async () => ({ outcome: await ended }) };
}

describe('the task of a file', () => {
  test('is run by the process that claims it first, and is busy for another', async () => {
    const { finish, downloadTask } = held();
    await withTask(downloadTask, async ({ hosts, claim, outcome }) => {
      expect(await claim(hosts[0]!)).toBe('run');
      expect(await claim(hosts[1]!)).toBe('busy');
      expect(await claim(hosts[0]!)).toBe('busy');
      finish('settled');
      expect(await outcome()).toBe('settled');
    });
  });

  test('goes to the activity of that process alone', async () => {
    const queues: string[] = [];
    const downloadTask = () => {
      queues.push(Context.current().info.taskQueue);
      return Promise.resolve({ outcome: 'settled' as const });
    };
    await withTask(downloadTask, async ({ hosts, claim, outcome }) => {
      await claim(hosts[1]!);
      await outcome();
      expect(queues).toEqual([hosts[1]]);
    });
  });

  test('that was yielded is run by whoever claims it next', async () => {
    const first = held();
    first.finish('yielded');
    await withTask(first.downloadTask, async ({ hosts, claim, outcome }) => {
      expect(await claim(hosts[0]!)).toBe('run');
      expect(await outcome()).toBe('yielded');
      expect(await claim(hosts[1]!)).toBe('run');
      expect(await outcome()).toBe('yielded');
    });
  });

  test('of a process that nobody hears of is lost within a minute, and free for another', async () => {
    const { downloadTask } = held();
    await withTask(
      downloadTask,
      async ({ hosts, claim, outcome }) => {
        expect(await claim(hosts[0]!)).toBe('run');
        expect(await outcome()).toBe('host_lost');
      },
      { live: 0 },
    );
  });

  test('of a process that does not hold the message any more is lost', async () => {
    const downloadTask = () => Promise.reject(ApplicationFailure.nonRetryable('not held', NOT_HELD));
    await withTask(downloadTask, async ({ hosts, claim, outcome }) => {
      await claim(hosts[0]!);
      expect(await outcome()).toBe('host_lost');
    });
  });

  test('is tried again by the same process while a dependency is away', async () => {
    let tries = 0;
    const downloadTask = () => {
      tries += 1;
      return tries < 4
        ? Promise.reject(new Error('DynamoDB does not answer'))
        : Promise.resolve({ outcome: 'settled' as const });
    };
    await withTask(downloadTask, async ({ hosts, claim, outcome }) => {
      await claim(hosts[0]!);
      expect(await outcome()).toBe('settled');
      expect(tries).toBe(4);
    });
  });

  test('stops when it is cancelled, and ends as Temporal’s cancelled ones do', async () => {
    const downloadTask = async (): Promise<never> => {
      const context = Context.current();
      // An activity that nobody cancels any more must not keep the run from ending.
      const beats = setInterval(() => context.heartbeat(), 50).unref();
      try {
        return await context.cancelled;
      } finally {
        clearInterval(beats);
      }
    };
    await withTask(downloadTask, async ({ hosts, claim, handle }) => {
      await claim(hosts[0]!);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as unknown });
    });
  });

  test('that nobody claims ends by itself', async () => {
    const fake = new FakeExport(1);
    await withExportWorkers(environment, fake, fake.activities(), async () => {
      const job = { source: 'default', export_id: `exp-${randomUUID()}` };
      const result = await environment.client.workflow.execute<typeof exportTaskWorkflow>(
        'exportTaskWorkflow',
        {
          taskQueue: fake.taskQueue,
          workflowId: taskWorkflowId(job, 0),
          args: [{ ...job, first_ordinal: 0 }],
        },
      );
      expect(result).toEqual({ outcome: 'unclaimed' });
    });
  });

  test.each([
    [undefined, /input: expected an object/],
    [{ source: 'default', export_id: 'x', first_ordinal: 0 }, /the workflow id is/],
  ])('with the input %j fails with one sentence', async (input, sentence) => {
    const fake = new FakeExport(1);
    await withExportWorkers(environment, fake, fake.activities(), async () => {
      const running = environment.client.workflow.execute('exportTaskWorkflow', {
        taskQueue: fake.taskQueue,
        workflowId: `export-task:wrong:${randomUUID()}`,
        args: [input],
      });
      await expect(running).rejects.toMatchObject({
        cause: { type: 'InvalidInput', message: expect.stringMatching(sentence) as string },
      });
    });
  });
});

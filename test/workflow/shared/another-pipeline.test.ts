import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { BatchIdentity, HostActivities } from '../../../src/activities/shared/activity-types.js';
import type { DispatchStats } from '../../../src/contract/batch-summary.js';
import { createWorkflowEnvironment, withWorkersOn } from '../workflow-environment.js';

/** A run of parcels, which are a pipeline of this test alone; see parcel-workflows.cjs. */
type ParcelRun = DispatchStats<'delivered' | 'failed'> & { end: string; status: string };

let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
  workflowBundle = await bundleWorkflowCode({ workflowsPath: join(__dirname, 'parcel-workflows.cjs') });
});
afterAll(() => environment.teardown());

/** Runs until the queue is empty; `stages` are the activities that batches asked for, in order. */
async function deliver(waiting: number, opened: (held: number) => number) {
  const taskQueue = `parcels-${randomUUID()}`;
  const stages: string[] = [];
  const held = new Map<string, number>();
  let left = waiting;
  const stage = (name: string, remaining: (held: number) => number) => (batch: BatchIdentity) => {
    stages.push(name);
    return Promise.resolve({ remaining: remaining(held.get(batch.batch_id) ?? 0) });
  };
  const host: HostActivities<'delivered' | 'failed'> = {
    acknowledge: ({ batch_id }) => {
      stages.push('acknowledge');
      const all = held.get(batch_id) ?? 0;
      const delivered = opened(all);
      return Promise.resolve({
        outcomes: { delivered, failed: all - delivered },
        failures: delivered === all ? {} : { NotAtHome: all - delivered },
        returned: 0,
      });
    },
    releaseBatch: () => Promise.resolve(),
  };
  const activities = {
    measureParcels: () =>
      Promise.resolve({ visible: left, in_flight: 0, delayed: 0, inference_workers: 1, places: 2 }),
    receiveBatch: (input: { batch_size: number }, { batch_id }: BatchIdentity) => {
      const received = Math.min(left, input.batch_size);
      left -= received;
      held.set(batch_id, received);
      return Promise.resolve({ host_task_queue: `${taskQueue}-host`, received, malformed: 0 });
    },
    openParcels: stage('open', opened),
    carryParcels: stage('carry', (all) => all),
    noteParcels: stage('note', () => 0),
    ...host,
  };
  const queues = [taskQueue, `${taskQueue}-parcels`, `${taskQueue}-host`] as const;
  const parcelRun = (): Promise<ParcelRun> =>
    environment.client.workflow.execute<(queueUrl: string) => Promise<ParcelRun>>('parcelRun', {
      taskQueue,
      workflowId: randomUUID(),
      args: ['https://sqs.example/1/parcels'],
    });
  return { run: await withWorkersOn(environment, queues, activities, parcelRun, workflowBundle), stages };
}

test('the lanes and batches of the base work on a pipeline that they do not know, with its own outcomes', async () => {
  const { run } = await deliver(35, (held) => held - 1);
  expect(run).toMatchObject({
    end: 'emptied',
    batches: 4,
    batches_failed: 0,
    received: 35,
    outcomes: { delivered: 31, failed: 4 },
    failures: { NotAtHome: 4 },
  });
  expect(Object.keys(run.outcomes)).toEqual(['delivered', 'failed']);
});

test('a stage is left out when nothing is left to do, but for one that writes what became of all', async () => {
  const { stages } = await deliver(5, () => 0);
  expect(stages).toEqual(['open', 'note', 'acknowledge']);
});

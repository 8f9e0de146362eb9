import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { projectRoot } from '../../tools/stack/folders.js';
import { temporalCliPath, temporalTestServerPath } from '../../tools/stack/temporal-binaries.js';
import { PIPELINES, searchAttributesOf } from '../../src/pipelines/index.js';
import { addSearchAttributes } from '../../src/temporal/ensure-search-attributes.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  // The test server lacks capabilities that the SDK warns of for every worker.
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

/** The one bundle that the build made; every test of the run shares it. */
export const workflowBundle = { codePath: join(projectRoot(), 'dist', 'workflow-bundle.js') };

const STARTS = 3;

/** A server may panic at its start, or another program take its port before it does: neither says anything of what is tested. */
async function startAgain(
  start: () => Promise<TestWorkflowEnvironment>,
  starts = STARTS,
): Promise<TestWorkflowEnvironment> {
  try {
    return await start();
  } catch (error) {
    if (starts === 1) throw error;
    return startAgain(start, starts - 1);
  }
}

/** A dev server in real time that knows no search attribute of ours yet. */
export async function createBareEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = await temporalCliPath();
  return startAgain(() =>
    TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } }),
  );
}

/** A time-skipping server that knows the search attributes: an unknown one would hang a workflow. */
export async function createWorkflowEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = await temporalTestServerPath();
  const environment = await startAgain(() =>
    TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }),
  );
  await addSearchAttributes(environment.client, searchAttributesOf(PIPELINES));
  return environment;
}

/** A dev server in real time, for timeouts that the time-skipping server does not keep while a task waits. */
export async function createRealTimeEnvironment(): Promise<TestWorkflowEnvironment> {
  const environment = await createBareEnvironment();
  await addSearchAttributes(environment.client, searchAttributesOf(PIPELINES));
  return environment;
}

/**
 * Runs `work` while workers with the given activities listen: one for workflows and activities on the first task queue, one for
 * activities on each of the others.
 */
export async function withWorkersOn<T>(
  environment: TestWorkflowEnvironment,
  [main, ...others]: readonly [string, ...string[]],
  activities: object,
  work: () => Promise<T>,
  bundle: WorkflowBundleOption = workflowBundle,
): Promise<T> {
  const create = (taskQueue: string, more = {}): Promise<Worker> =>
    Worker.create({ connection: environment.nativeConnection, taskQueue, activities, ...more });
  const workers = await Promise.all([
    create(main, { workflowBundle: bundle }),
    ...others.map((taskQueue) => create(taskQueue)),
  ]);
  return workers.reduce((inner: () => Promise<T>, worker) => () => worker.runUntil(inner), work)();
}

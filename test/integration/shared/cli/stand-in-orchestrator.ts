import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type {
  DiscoveryPlan,
  OrchestratorActivities,
} from '../../../../src/activities/recordings/activity-types.js';
import type { DiscoveryInput } from '../../../../src/pipelines/recordings/contract/workflow-inputs.js';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';

/** What a worker without stores of its own serves, and how a command finds it. */
export interface StandInOrchestrator {
  collection: string;
  environment: Record<string, string>;
  stop: () => Promise<void>;
}

/** A plan for a small run on a queue that nobody opens. */
export function smallPlan(collection: string, input: DiscoveryInput): DiscoveryPlan {
  return {
    source_collection: collection,
    test_date: input.test_date,
    subject_name: 'reading',
    mode: 'backfill',
    queue_url: 'http://127.0.0.1/1/recordings',
    await_queue: input.await_queue ?? true,
    lookback_seconds: 0,
    empty_confirm_seconds: 1,
    limits: {
      max_concurrency: 1,
      max_records: null,
      discovery_batch_size: 10,
      batch_size: 10,
      poll_interval_seconds: 1,
    },
    watermark: null,
    history_event_limit: null,
  };
}

/**
 * Runs the workflows that ship on the run's Temporal server, with activities that reach nothing.
 *
 * @param activitiesOf made for a source collection of that name
 */
export async function startStandInOrchestrator(
  activitiesOf: (collection: string) => Partial<OrchestratorActivities>,
): Promise<StandInOrchestrator> {
  // What a run fails of is the tests' business, not the log's.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const collection = freshName('source');
  const taskQueue = freshName('cli');
  const { address, namespace } = temporalEndpoints();
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { codePath: join(__dirname, '..', '..', '..', '..', 'dist', 'workflow-bundle.js') },
    activities: {
      saveState: () => Promise.resolve(),
      measureDrift: () => Promise.resolve(null),
      ...activitiesOf(collection),
    },
  });
  const running = worker.run();
  return {
    collection,
    environment: {
      TASK_QUEUE: taskQueue,
      DISCOVERY_SOURCE_TYPE: 'mongo',
      MONGO_SOURCE_COLLECTION: collection,
    },
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

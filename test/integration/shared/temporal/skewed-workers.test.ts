import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { inferenceTaskQueue } from '../../../../src/pipelines/recordings/contract/names.js';
import { createHeartbeatJudge } from '../../../../src/temporal/heartbeat-judge.js';
import { watchLiveWorkers, type LiveWorkers } from '../../../../src/temporal/live-workers.js';
import { freshName, temporalEndpoints } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from '../../recordings/pipeline/installation.js';
import { until } from '../../../until.js';

const STORY_MS = 180_000;
const HOUR_SECONDS = 3_600;

afterAll(endLeftInstallations);

/** A worker's word to the real server, as the SDK sends it, by a clock that is wrong. */
interface StandIn {
  beat(atMs: number): Promise<void>;
}

function standIn(client: Client, taskQueue: string, clockBehindSeconds: number): StandIn {
  const workerInstanceKey = freshName('instance');
  return {
    async beat(atMs) {
      const seconds = Math.floor(atMs / 1000) - clockBehindSeconds;
      await client.workflowService.recordWorkerHeartbeat({
        namespace: client.options.namespace,
        identity: 'stand-in',
        workerHeartbeat: [
          {
            ...{ workerInstanceKey, workerIdentity: 'stand-in', taskQueue },
            status: temporal.api.enums.v1.WorkerStatus.WORKER_STATUS_RUNNING,
            heartbeatTime: { seconds: seconds as unknown as Long, nanos: 0 },
          },
        ],
      });
    },
  };
}
type Long = NonNullable<NonNullable<temporal.api.worker.v1.IWorkerHeartbeat['heartbeatTime']>['seconds']>;

test.each([HOUR_SECONDS, -HOUR_SECONDS, 31, -31, 0])(
  'whoever sends heartbeats is alive, and dead half a minute after the last, with a clock %i s behind',
  async (behind) => {
    const { address, namespace } = temporalEndpoints();
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace });
    const taskQueue = freshName('queue');
    let now = Date.now();
    const look = watchLiveWorkers(
      client,
      taskQueue,
      createHeartbeatJudge(() => now),
    );
    const worker = standIn(client, taskQueue, behind);
    const lookAfter = async (seconds: number): Promise<LiveWorkers> => {
      now += seconds * 1_000;
      return look();
    };
    await worker.beat(now);
    // The server has it a moment after it has taken it.
    await until(async () => {
      const { alive, unsure } = await lookAfter(0);
      return alive.length + unsure.length === 1;
    });
    for (let beats = 0; beats < 5; beats++) {
      await worker.beat(now + 10_000);
      await until(async () => (await lookAfter(0)).alive.length === 1);
      now += 10_000;
      expect((await look()).alive).toHaveLength(1);
    }
    expect((await lookAfter(15)).alive).toHaveLength(1);
    const late = await lookAfter(20);
    expect([late.alive, late.unsure]).toEqual([[], []]);
    await connection.close();
  },
);

test(
  'an orchestrator dispatches to a worker whose clock is an hour behind, and stops when that dies',
  async () => {
    const installation = await createInstallation({ env: { SERVICE_MODE: 'orchestrator' } });
    const orchestrator = await installation.worker();
    const url = await orchestrator.healthUrl();
    const workers = async (): Promise<unknown> => {
      const status = (await (await fetch(`${url}/api/v1/queue/status`)).json()) as Record<string, unknown>;
      return status['inference_workers'];
    };
    const worker = standIn(installation.client, inferenceTaskQueue(installation.taskQueue), HOUR_SECONDS);
    await installation.send(['not a message, but something that waits']);
    const run = await installation.start('ingestWorkflow', { until_empty: false });
    // A lane is a batch that waits for somebody to take it.
    let lanes = 0;
    await until(async () => {
      await worker.beat(Date.now());
      const stats = (await (await fetch(`${url}/api/v1/queue/stats`)).json()) as { lanes: number };
      lanes = Math.max(lanes, stats.lanes);
      return (await workers()) === 1 && lanes > 0;
    });
    expect(orchestrator.of('worker_clock_differs')).toHaveLength(1);
    // Not another word.
    await until(async () => (await workers()) === 0);
    await run.terminate();
    await installation.close();
  },
  STORY_MS,
);

import { join } from 'node:path';
import { Client, Connection, type ScheduleHandle, type WorkflowHandle } from '@temporalio/client';
import { MongoClient, type Db } from 'mongodb';
import {
  numberWorkflowId,
  totalScheduleId,
  WORKFLOW_TYPES,
  type Square,
  type Total,
} from '../../../toy-pipeline/contract.js';
import { embeddedStack, freshDatabase, freshName, temporalEndpoints } from '../../embedded-stack.js';
import { endLeftWorkers, spawnWorker, type WorkerProcess } from '../../recordings/pipeline/worker-process.js';
import { startVachan } from '../cli/run-vachan.js';
import { until } from '../../../until.js';
import { buildToy } from './build-toy.js';

const STORY_MS = 180_000;
const NUMBERS = Array.from({ length: 20 }, (_, index) => index + 1);
const SUM_OF_SQUARES = 2_870;

let built: string;
let connection: Connection;
let client: Client;
let mongo: MongoClient;

beforeAll(async () => {
  const { address, namespace } = temporalEndpoints();
  [built, connection, mongo] = await Promise.all([
    buildToy(),
    Connection.connect({ address }),
    MongoClient.connect(embeddedStack().endpoints.mongo.uri),
  ]);
  client = new Client({ connection, namespace });
}, STORY_MS);

afterAll(async () => {
  await endLeftWorkers();
  await Promise.all([connection.close(), mongo.close()]);
});

/** An installation of toys: one database, one namespace, one `TASK_QUEUE`. */
interface Installation {
  env: Record<string, string>;
  db: Db;
  taskQueue(name: string): string;
  /** Starts a process that serves this toy, known by its own settings alone. */
  serve(name: string, changes?: Record<string, string>): Promise<WorkerProcess>;
  insert(name: string, numbers: readonly number[]): Promise<void>;
  squares(name: string): Promise<Square[]>;
}

function install(): Installation {
  const { uri, database } = freshDatabase();
  const db = mongo.db(database);
  const env = {
    // Those that a toy needs: no queue, no bucket.
    TEMPORAL_ADDRESS: temporalEndpoints().address,
    TEMPORAL_NAMESPACE: temporalEndpoints().namespace,
    MONGO_URI: uri,
    MONGO_DB_NAME: database,
    TASK_QUEUE: freshName('toys'),
    SERVICE_MODE: 'orchestrator',
    HEALTH_PORT: '0',
  };
  return {
    env,
    db,
    taskQueue: (name) => `${env.TASK_QUEUE}-${name}`,
    async serve(name, changes = {}) {
      const worker = spawnWorker({ ...env, ...settingsOf(name), ...changes }, join(built, 'main.js'));
      await worker.said('worker_started');
      return worker;
    },
    async insert(name, numbers) {
      await db.collection(name).insertMany(numbers.map((number) => ({ number })));
    },
    squares: (name) => db.collection<Square>(`${name}_squares`).find().sort({ number: 1 }).toArray(),
  };
}

const settingsOf = (name: string): Record<string, string> => ({
  [`${name.toUpperCase()}_NUMBERS_COLLECTION`]: name,
});

const vachan = (args: string[], env: Record<string, string>) =>
  startVachan(args, env, join(built, 'cli.js')).ended;

const settled = (handle: WorkflowHandle): Promise<unknown> =>
  handle.result().catch((error: unknown) => (error as { cause?: unknown }).cause);

test(
  'numbers of a table are found, squared, stored, added up, shown and served, with nothing but a Pipeline',
  async () => {
    const toys = install();
    const worker = await toys.serve('alpha');
    expect(worker.of('worker_started')[0]).toMatchObject({ pipelines: ['alpha'] });
    await toys.insert('alpha', NUMBERS);
    await until(async () => (await toys.squares('alpha')).length === NUMBERS.length);
    expect((await toys.squares('alpha')).map(({ number, square }) => [number, square])).toEqual(
      NUMBERS.map((number) => [number, number ** 2]),
    );

    const schedule = client.schedule.getHandle(totalScheduleId(toys.taskQueue('alpha')));
    const total: Total = { squares: NUMBERS.length, sum: SUM_OF_SQUARES };
    const route = await fetch(`${await worker.healthUrl()}/api/v1/alpha/squares`);
    expect(await route.json()).toEqual(total);
    const ready = await fetch(`${await worker.healthUrl()}/health/ready`);
    expect(await ready.json()).toMatchObject({ checks: { temporal: 'ok', numbers: 'ok' } });

    await schedule.trigger();
    await until(async () => (await fired(schedule)).length === 1);
    const [added] = await fired(schedule);
    expect(await settled(client.workflow.getHandle(added!))).toEqual(total);

    const env = { ...toys.env, ...settingsOf('alpha') };
    await client.workflow.getHandle(numberWorkflowId('alpha', 7)).result();
    const status = await vachan(['status', 'alpha=7'], env);
    expect({ code: status.code, text: status.stdout }).toEqual({
      code: 0,
      text: expect.stringMatching(/Run +alpha:7[^]*Square +49/) as string,
    });
    expect((await vachan(['alpha-total'], env)).stdout).toBe(`${JSON.stringify(total)}\n`);
    expect((await vachan(['--help'], {})).stdout).toContain('alpha-total');
    expect((await vachan(['doctor'], env)).stdout).toMatch(/Numbers of alpha +the database answers/);

    // As if the process had died between the start of a workflow and the mark: found again, and done once.
    await toys.db.collection('alpha').updateOne({ number: 7 }, { $unset: { begun: true } });
    await toys.insert('alpha', [1_001]);
    await until(
      async () => (await toys.db.collection('alpha').countDocuments({ begun: { $ne: true } })) === 0,
    );
    expect(await settled(client.workflow.getHandle(numberWorkflowId('alpha', 1_001)))).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('number') as string,
    });
    expect(await toys.squares('alpha')).toHaveLength(NUMBERS.length);
    expect(worker.of('dependency_unavailable')).toEqual([]);
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
  },
  STORY_MS,
);

/** Ids of the workflows that a Schedule has started. */
async function fired(schedule: ScheduleHandle): Promise<string[]> {
  const { info } = await schedule.describe();
  return info.recentActions.map(({ action }) => action.workflow.workflowId);
}

test(
  'a Schedule is brought to what the build says, and a person’s pause stays',
  async () => {
    const toys = install();
    await (await toys.serve('beta')).stop();
    const schedule = client.schedule.getHandle(totalScheduleId(toys.taskQueue('beta')));
    await schedule.pause('by somebody');
    await schedule.update(({ spec: _, ...previous }) => ({
      ...previous,
      spec: { intervals: [{ every: '9 days' }] },
    }));
    await (await toys.serve('beta')).stop();
    const { spec, state, action } = await schedule.describe();
    expect(spec.intervals).toMatchObject([{ every: 3_600_000 }]);
    expect(state).toMatchObject({ paused: true, note: 'by somebody' });
    expect(action).toMatchObject({
      workflowType: WORKFLOW_TYPES.total,
      taskQueue: toys.taskQueue('beta'),
    });
  },
  STORY_MS,
);

test(
  'three orchestrators of one pipeline each in one namespace take nothing of each other',
  async () => {
    const toys = install();
    const all = { ...settingsOf('alpha'), ...settingsOf('beta'), ...settingsOf('gamma') };
    const names = ['alpha', 'beta', 'gamma'];
    const processes = await Promise.all(names.map((name) => toys.serve(name, { ...all, PIPELINES: name })));
    // Ids of the first test's alpha are taken: each workflow id is of one number of one pipeline, forever.
    const numbers = NUMBERS.map((number) => number + 100);
    await Promise.all(names.map((name) => toys.insert(name, numbers)));
    for (const [index, name] of names.entries()) {
      await until(async () => (await toys.squares(name)).length === numbers.length);
      const squares = await toys.squares(name);
      expect(squares.map(({ number }) => number)).toEqual(numbers);
      expect(new Set(squares.map((square) => square.stored_by))).toEqual(new Set([processes[index]!.pid]));
      const { taskQueue } = await client.workflow.getHandle(numberWorkflowId(name, 101)).describe();
      expect(taskQueue).toBe(toys.taskQueue(name));
    }

    // Nobody takes what the one that is gone leaves lying.
    const [alpha, ...others] = processes;
    await alpha!.stop();
    const left = await client.workflow.start(WORKFLOW_TYPES.number, {
      taskQueue: toys.taskQueue('alpha'),
      workflowId: numberWorkflowId('alpha', 200),
      args: [{ number: 200 }],
    });
    await Promise.all(['beta', 'gamma'].map((name) => toys.insert(name, [201])));
    for (const name of ['beta', 'gamma']) {
      await until(async () => (await toys.squares(name)).length === numbers.length + 1);
    }
    const events = (await left.fetchHistory()).events ?? [];
    expect(
      events.map(({ workflowTaskStartedEventAttributes: started }) => started ?? undefined).filter(Boolean),
    ).toEqual([]);
    const again = await toys.serve('alpha', { ...all, PIPELINES: 'alpha' });
    expect(await left.result()).toMatchObject({ square: 40_000 });
    expect((await toys.squares('alpha')).at(-1)).toMatchObject({ number: 200, stored_by: again.pid });
    await Promise.all([...others, again].map((worker) => worker.stop()));
  },
  STORY_MS,
);

test('a process that serves nothing says what would make it serve something', async () => {
  const worker = spawnWorker({ ...install().env }, join(built, 'main.js'));
  expect(await worker.exited()).toMatchObject({ code: 1 });
  expect(worker.errorOutput()).toMatch(
    /No pipeline is served: set PIPELINES.*alpha \(.*ALPHA_NUMBERS_COLLECTION/,
  );
});

test('a process refuses a role that none of its pipelines has', async () => {
  const { env } = install();
  const worker = spawnWorker(
    { ...env, ...settingsOf('alpha'), SERVICE_MODE: 'worker' },
    join(built, 'main.js'),
  );
  expect(await worker.exited()).toMatchObject({ code: 1 });
  expect(worker.errorOutput()).toContain('SERVICE_MODE is worker, and alpha has no such role');
});

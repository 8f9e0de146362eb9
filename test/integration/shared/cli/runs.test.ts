import { ApplicationFailure } from '@temporalio/common';
import type { OrchestratorActivities } from '../../../../src/activities/recordings/activity-types.js';
import type { DiscoveryInput } from '../../../../src/pipelines/recordings/contract/workflow-inputs.js';
import type { RunDescription, RunSummary } from '../../../../src/temporal/runs/runs.js';
import { freshName } from '../../embedded-stack.js';
import { until } from '../../../until.js';
import { startVachan, vachan, type Ended } from './run-vachan.js';
import { smallPlan, startStandInOrchestrator, type StandInOrchestrator } from './stand-in-orchestrator.js';
import { watchInTerminal } from './watch-in-terminal.js';

/** Nothing to find; a queue that stays full while nobody is there to work on it, unless the run need not wait. */
const activitiesOf = (collection: string): Partial<OrchestratorActivities> => ({
  prepareDiscovery: (raw) => {
    const input = raw as DiscoveryInput;
    if (input.subject_name === 'refused') {
      throw ApplicationFailure.nonRetryable('subject_name: nobody reads that', 'InvalidInput');
    }
    return Promise.resolve(smallPlan(collection, input));
  },
  discoverPage: ({ test_date }) =>
    test_date === HELD_UP && sourceIsAway
      ? Promise.reject(new Error('The source does not answer.'))
      : Promise.resolve({ watermark: null, discovered: 3, enqueued: 2, existing: 1, exhausted: true }),
  measureBacklog: () => Promise.resolve({ visible: 2, in_flight: 0, delayed: 0, inference_workers: 0 }),
});

const HELD_UP = '2025-12-19';
let sourceIsAway = true;

let orchestrator: StandInOrchestrator;
let environment: StandInOrchestrator['environment'];
const idOf = (testDate: string): string => `discovery:${orchestrator.collection}:${testDate}`;

// A busy machine starts a process in seconds, and these tests start many.
jest.setTimeout(180_000);

/** Stories that end by a command's own deadline. They share nothing with the others, and wait beside them. */
let withoutWorker: Promise<WithoutWorker>;
let withoutServer: Promise<Ended>;

beforeAll(async () => {
  orchestrator = await startStandInOrchestrator(activitiesOf);
  ({ environment } = orchestrator);
  withoutWorker = runWithoutWorker({ ...environment, TASK_QUEUE: freshName('nobody') });
  withoutServer = vachan(['status', '2025-12-20'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  // Its test tells of a failure; until then nobody else is asked to.
  withoutWorker.catch(() => undefined);
});
afterAll(() => orchestrator.stop());

interface WithoutWorker {
  left: Ended;
  limits: Ended;
}

/** Starts a run on a task queue that nobody polls, leaves it once it says so, and changes its limits. */
async function runWithoutWorker(elsewhere: Record<string, string>): Promise<WithoutWorker> {
  const waiting = startVachan(['start', '2025-12-24'], elsewhere);
  await waiting.said(`waiting for a worker on task queue ${elsewhere['TASK_QUEUE']}`);
  waiting.process.kill('SIGINT');
  const left = await waiting.ended;
  return { left, limits: await vachan(['set-limits', '2025-12-24', '--batch-size', '5'], elsewhere) };
}

describe('a run, from the shell', () => {
  test('is started, joined, steered, left and drained', async () => {
    const target = '2025-12-20';
    const waiting = startVachan(['start', target], environment);
    await waiting.said('Started ');
    await waiting.said('no inference worker');

    const joined = startVachan(['start', target, '--max-records', '5'], environment);
    await joined.said('joining it. It keeps what it was started with: max_records had no effect.');
    await joined.said('no inference worker');
    joined.process.kill('SIGINT');
    const left = await joined.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(/Left .*, which goes on\. See how far it is: vachan status 2025-12-20/);

    const refused = await vachan(['start', target, '--fail-existing'], environment);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/is running already/);

    expect((await vachan(['pause', target], environment)).code).toBe(0);
    const paused = await vachan(['status', target, '--json'], environment);
    expect((JSON.parse(paused.stdout) as { summary: RunSummary }).summary).toMatchObject({
      status: 'paused',
      discovery: { discovered: 3, enqueued: 2, existing: 1 },
    });
    expect((await vachan(['resume', target], environment)).code).toBe(0);

    const limits = await vachan(['set-limits', target, '--max-concurrency', '7', '--json'], environment);
    expect(JSON.parse(limits.stdout)).toMatchObject({ limits: { max_concurrency: 7 } });

    expect((await vachan(['drain', target], environment)).code).toBe(0);
    const { code, stdout } = await waiting.ended;
    expect(code).toBe(3);
    expect(stdout).toMatch(/Status +stopped \(backfill\)/);

    const over = await vachan(['pause', target], environment);
    expect(over.code).toBe(1);
    expect(over.stderr).toMatch(/has ended already/);
  });

  test('is watched on a terminal, which is whole again after Ctrl-C', async () => {
    expect((await vachan(['start', '2025-12-26', '--detach'], environment)).code).toBe(0);
    const watching = startVachan(['watch', '2025-12-26'], environment);
    await watching.said('no inference worker');
    watching.process.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);

    const frames = watchInTerminal('2025-12-26', environment);
    await until(() => frames.output().includes('No inference worker is alive'));
    frames.interrupt();
    await frames.ended;
    const [, entered = ''] = frames.output().split('\u001b[?1049h');
    const [, left = ''] = entered.split('\u001b[?25h\u001b[?1049l');
    expect(left).toContain('Left discovery:');
    expect((await vachan(['drain', '2025-12-26'], environment)).code).toBe(0);
  });

  test('ends with its summary and exit code 0', async () => {
    const { code, stdout } = await vachan(['start', '2025-12-21', '--no-await-queue', '--json'], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workflow_id: idOf('2025-12-21'),
      status: 'completed',
      discovery: { enqueued: 2 },
    });
    const status = await vachan(['status', '2025-12-21', '--json'], environment);
    expect((JSON.parse(status.stdout) as RunDescription).state).toBe('completed');
  });

  test('says what it tries again and why, until it succeeds', async () => {
    expect((await vachan(['start', HELD_UP, '--detach'], environment)).code).toBe(0);
    let said = '';
    const look = async (): Promise<string> =>
      (said = (await vachan(['status', HELD_UP], environment)).stdout);
    await until(async () => (await look()).includes('discoverPage'));
    expect(said).toMatch(
      /^Held up +no inference worker is alive.*\n +discoverPage, try \d+: The source does not/m,
    );
    sourceIsAway = false;
    await until(async () => !(await look()).includes('discoverPage'));
    expect((await vachan(['drain', HELD_UP], environment)).code).toBe(0);
  });

  test("fails with the workflow's own sentence", async () => {
    const args = ['start', '2025-12-22', '--subject-name', 'refused'];
    const { code, stderr } = await vachan(args, environment);
    expect(code).toBe(1);
    expect(stderr).toContain(`vachan: ${idOf('2025-12-22')} failed: subject_name: nobody reads that\n`);
    expect((await vachan(['status', '2025-12-22'], environment)).stdout).toMatch(
      /Reason +subject_name: nobody/,
    );
  });

  test('is not found by an id that no run has', async () => {
    const { code, stdout, stderr } = await vachan(['status', '2025-12-23'], environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`vachan: There is no run ${idOf('2025-12-23')} in the namespace default.\n`);
  });

  test('waits for a worker that is not there yet', async () => {
    const { left, limits } = await withoutWorker;
    expect(left.code).toBe(130);
    expect(limits.code).toBe(1);
    expect(limits.stderr).toMatch(/^vachan: No worker answered for .*\n$/);
  });

  test('needs no server but Temporal, and says which when it is not there', async () => {
    const { code, stderr } = await withoutServer;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vachan: Temporal does not answer at 127\.0\.0\.1:1: .*\n$/);
  });
});

import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { aDescription, aSummary, cli, fakeRuns, RUN_ID, WORKFLOW_ID } from '../../shared/cli/fake-context.js';

const connect = (runs = fakeRuns()) => ({ connectRuns: () => Promise.resolve(runs) });

describe('vachan start', () => {
  test("starts the date's discovery, waits for its end and prints the summary", async () => {
    const runs = fakeRuns();
    const { code, out, err } = await cli(['start', '2025-12-20'], connect(runs));
    expect(code).toBe(0);
    expect(runs.started).toEqual([
      {
        workflowType: 'discoveryWorkflow',
        workflowId: WORKFLOW_ID,
        taskQueue: 'vachan',
        input: { test_date: '2025-12-20' },
        title: {
          staticSummary: 'Recordings of 2025-12-20',
          staticDetails: expect.stringContaining('**Started by** `vachan start`') as string,
        },
      },
    ]);
    expect(err).toEqual([
      `Started ${WORKFLOW_ID} (run ${RUN_ID}).`,
      '9 of 10 done · 1 failed attempt · 1 lane',
    ]);
    expect(out.join('\n')).toMatch(/completed +9\n/);
  });

  test('hands every option over under the name of its input field', async () => {
    const runs = fakeRuns();
    const args = [
      ...['--mode', 'one_time', '--subject-name', 'reading', '--queue-url', 'https://sqs.example/1/own'],
      ...['--no-await-queue', '--max-records', '250', '--max-concurrency', '2', '--batch-size', '50'],
      ...['--discovery-batch-size', '80', '--poll-interval-seconds', '9', '--history-event-limit', '500'],
    ];
    await cli(['start', '2025-12-20', ...args], connect(runs));
    expect(runs.started[0]?.input).toEqual({
      test_date: '2025-12-20',
      mode: 'one_time',
      subject_name: 'reading',
      queue_url: 'https://sqs.example/1/own',
      await_queue: false,
      max_records: 250,
      max_concurrency: 2,
      batch_size: 50,
      discovery_batch_size: 80,
      poll_interval_seconds: 9,
      history_event_limit: 500,
    });
  });

  test('takes the date, the table and the task queue from the settings', async () => {
    const runs = fakeRuns();
    const environment = {
      TEST_DATE: '2025-12-21',
      DISCOVERY_SOURCE_TYPE: 'postgres',
      POSTGRES_TABLE: 'readings',
      TASK_QUEUE: 'readings',
    };
    await cli(['start', '--detach'], { ...connect(runs), environment });
    expect(runs.started[0]).toMatchObject({
      workflowId: 'discovery:readings:2025-12-21',
      taskQueue: 'readings',
    });
  });

  test('joins a run that is under way, and says which options had no effect', async () => {
    const runs = fakeRuns({ start: () => Promise.resolve({ runId: 'older', started: false }) });
    const { code, err } = await cli(['start', '2025-12-20', '--max-records', '5'], connect(runs));
    expect(code).toBe(0);
    expect(err[0]).toBe(
      `${WORKFLOW_ID} is running already (run older); joining it. It keeps what it was started with: max_records had no effect.`,
    );
  });

  test('fails on a run that is under way with --fail-existing', async () => {
    const runs = fakeRuns({ start: () => Promise.resolve({ runId: 'older', started: false }) });
    const { code, err } = await cli(['start', '2025-12-20', '--fail-existing'], connect(runs));
    expect(code).toBe(1);
    expect(err).toEqual([`vachan: ${WORKFLOW_ID} is running already (run older).`]);
  });

  test('leaves at once with --detach, and tells a program what it started', async () => {
    const { code, json } = await cli(['start', '2025-12-20', '--detach', '--json'], connect());
    expect(code).toBe(0);
    expect(json()).toEqual([{ workflow_id: WORKFLOW_ID, run_id: RUN_ID, started: true }]);
  });

  test('leaves the run going on at Ctrl-C', async () => {
    const runs = fakeRuns({ describe: () => Promise.resolve(aDescription()) });
    let interrupt = (): void => undefined;
    const { code, err } = await cli(['start', '2025-12-20'], {
      ...connect(runs),
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => undefined;
      },
      sleep: () => {
        interrupt();
        return Promise.resolve();
      },
    });
    expect(code).toBe(130);
    expect(err.at(-1)).toBe(
      `Left ${WORKFLOW_ID}, which goes on. See how far it is: vachan status 2025-12-20`,
    );
  });

  test('fails with the reason of a run that failed', async () => {
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription({ state: 'failed' })),
      end: () => Promise.resolve({ state: 'failed', failure: 'queue_url: not allowed' }),
    });
    const { code, err } = await cli(['start', '2025-12-20'], connect(runs));
    expect(code).toBe(1);
    expect(err.at(-1)).toBe(`vachan: ${WORKFLOW_ID} failed: queue_url: not allowed`);
  });

  test('does not take a run that was drained for a completed one', async () => {
    const runs = fakeRuns({
      end: () => Promise.resolve({ state: 'completed', summary: aSummary({ status: 'stopped' }) }),
    });
    expect((await cli(['start', '2025-12-20'], connect(runs))).code).toBe(3);
  });

  test('prints nothing but the summary on stdout with --json', async () => {
    const { json } = await cli(['start', '2025-12-20', '--json'], connect());
    expect(json()).toEqual([
      { workflow_id: WORKFLOW_ID, run_id: RUN_ID, ...aSummary({ status: 'completed' }) },
    ]);
  });

  test('says that it waits for a worker, once', async () => {
    let looks = 0;
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription({ state: looks++ < 3 ? 'running' : 'completed' })),
      status: () => Promise.resolve({ kind: 'no_worker', builds: [] }),
    });
    const { err } = await cli(['start', '2025-12-20'], connect(runs));
    expect(err.slice(1)).toEqual(['waiting for a worker on task queue vachan (npm run worker)']);
  });

  test('survives a Temporal that restarts, but not one that stays away', async () => {
    let looks = 0;
    const gone = (): never => {
      throw new DependencyUnavailable('Temporal is gone');
    };
    const returning = fakeRuns({
      describe: async () => (looks++ < 3 ? gone() : Promise.resolve(aDescription({ state: 'completed' }))),
    });
    expect((await cli(['start', '2025-12-20'], connect(returning))).code).toBe(0);

    let minutes = 0;
    const { code, err } = await cli(['start', '2025-12-20'], {
      ...connect(fakeRuns({ describe: async () => Promise.resolve(gone()) })),
      now: () => new Date(minutes++ * 60_000),
    });
    expect(code).toBe(1);
    expect(err.at(-1)).toBe('vachan: Temporal is gone');
  });

  test.each([
    [['start'], /No test date/],
    [['start', '2025-02-30'], /"2025-02-30"; expected a calendar date/],
    [['start', '2025-12-20', '--max-records', '0'], /--max-records.*Expected a whole number from 1 to/],
    [['start', '2025-12-20', '--mode', 'weekly'], /--mode.*one_time, backfill, incremental/],
    [['start', '2025-12-20', '--queue-url', 'queue'], /queue_url: .*"queue"/],
  ])('refuses %j before it asks Temporal', async (args, message) => {
    const { code, out, err } = await cli(args);
    expect(code).toBe(2);
    expect(out).toEqual([]);
    expect(err.join('\n')).toMatch(message);
  });
});

describe('the progress of a run', () => {
  test('counts what a queue held before the run as done, without a total', async () => {
    const older = aSummary({
      discovery: { pages: 1, discovered: 0, enqueued: 0, existing: 0, late: 0 },
      outcomes: { ...noOutcomes(), completed: 40 },
    });
    const runs = fakeRuns({ status: () => Promise.resolve({ kind: 'answered', summary: older }) });
    const { err } = await cli(['start', '2025-12-20'], connect(runs));
    expect(err[1]).toBe('40 done · 1 lane');
  });

  test('says that more is being found, and that nobody is there to score it', async () => {
    const waiting = aSummary({
      status: 'paused',
      source_exhausted: false,
      backlog: { visible: 1, in_flight: 0, delayed: 0, inference_workers: 0 },
    });
    const runs = fakeRuns({ status: () => Promise.resolve({ kind: 'answered', summary: waiting }) });
    const { err } = await cli(['start', '2025-12-20'], connect(runs));
    expect(err[1]).toBe('paused · 9 of 10+ done · 1 failed attempt · no inference worker');
  });
});

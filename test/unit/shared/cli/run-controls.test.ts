import { InvalidInput } from '../../../../src/platform/errors.js';
import { aDescription, aSummary, cli, fakeRuns, WORKFLOW_ID } from './fake-context.js';

const connect = (runs = fakeRuns()) => ({ connectRuns: () => Promise.resolve(runs) });

describe('vachan status', () => {
  test('says of messages that went back why, and of those that SQS did not delete that they are redelivered', async () => {
    const summary = { ...aSummary(), returned: 3, returns: { other_source: 3 }, not_deleted: 2 };
    const runs = fakeRuns({ status: () => Promise.resolve({ kind: 'answered', summary }) });
    const { out } = await cli(['status', '2025-12-20'], connect(runs));
    const text = out.join('\n');
    expect(text).toContain('Given back   3 of another source than their worker serves (other_source)');
    expect(text).toContain('Not deleted  2 settled messages, because SQS did not answer in time');
  });

  test("shows a running date's numbers", async () => {
    const runs = fakeRuns({ describe: () => Promise.resolve(aDescription()) });
    const { code, out } = await cli(['status', '2025-12-20'], connect(runs));
    expect(code).toBe(0);
    expect(out[0]).toMatch(
      /^Run +discovery:student_assessment_record:2025-12-20\nStatus +running \(backfill\)/,
    );
    expect(out[0]).toMatch(/Sent +10 to the queue; 0 had a result already/);
    expect(out[0]).toMatch(/failed_pre_inference +1/);
  });

  test('asks for any run by its workflow id', async () => {
    const asked: string[] = [];
    const describe = (workflowId: string) => {
      asked.push(workflowId);
      return Promise.resolve(aDescription({ workflow_id: workflowId }));
    };
    await cli(['status', 'ingest:recordings'], connect(fakeRuns({ describe })));
    expect(asked).toEqual(['ingest:recordings']);
  });

  test('says why a run failed, with exit code 1', async () => {
    const runs = fakeRuns({
      describe: () =>
        Promise.resolve(aDescription({ state: 'failed', closed_at: '2025-12-20T13:45:00.000Z' })),
      end: () => Promise.resolve({ state: 'failed', failure: 'test_date: expected a calendar date' }),
    });
    const { code, out } = await cli(['status', '2025-12-20'], connect(runs));
    expect(code).toBe(1);
    expect(out[0]).toMatch(/Status +failed\n.*\n.*\nReason +test_date: expected a calendar date$/);
  });

  test('says that nobody works on a run', async () => {
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription()),
      status: () => Promise.resolve({ kind: 'no_worker', builds: [] }),
    });
    const { code, json } = await cli(['status', '2025-12-20', '--json'], connect(runs));
    expect(code).toBe(0);
    expect(json()).toEqual([
      {
        ...aDescription(),
        reason: 'No worker answers on its task queue vachan. Start one: npm run worker',
        retried_steps: [],
      },
    ]);
  });

  test.each([
    [
      'a build that waits to be made current',
      { kind: 'no_worker', builds: [{ deploymentName: 'vachan', buildId: '9b2f0c1' }] },
      /Build 9b2f0c1 listens there, .* set-current-version --deployment-name vachan --build-id 9b2f0c1/,
    ],
    ['a step that fails in its workers', { kind: 'stuck' }, /Its last step failed in a worker.*TMPRL1100/],
  ] as const)('tells of %s', async (_what, answer, said) => {
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription()),
      status: () => Promise.resolve(answer),
    });
    const { code, out } = await cli(['status', '2025-12-20'], connect(runs));
    expect(code).toBe(0);
    expect(out[0]).toMatch(said);
  });

  test('gives a program the description and the summary', async () => {
    const runs = fakeRuns({ describe: () => Promise.resolve(aDescription()) });
    const { json } = await cli(['status', '2025-12-20', '--json'], connect(runs));
    expect(json()).toEqual([{ ...aDescription(), summary: aSummary(), retried_steps: [] }]);
  });

  test('says what is tried again, and why', async () => {
    const retried = [
      { step: 'upsertResults', batches: 4, attempt: 7, error: 'MongoDB does not answer' },
      { step: 'saveState', batches: 0, attempt: 3, error: 'MongoDB does not answer' },
    ];
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription()),
      retriedSteps: () => Promise.resolve(retried),
    });
    const { out } = await cli(['status', '2025-12-20'], connect(runs));
    expect(out[0]).toMatch(
      /Held up +upsertResults of 4 batches, try 7: MongoDB does not answer\n +saveState, try 3: MongoDB/,
    );
  });

  test('says that somebody paused it, and that nobody is there to score', async () => {
    const summary = aSummary({
      status: 'paused',
      backlog: { visible: 9, in_flight: 0, delayed: 0, inference_workers: 0 },
    });
    const runs = fakeRuns({
      describe: () => Promise.resolve(aDescription()),
      status: () => Promise.resolve({ kind: 'answered', summary }),
    });
    const { out } = await cli(['status', '2025-12-20'], connect(runs));
    expect(out[0]).toMatch(
      /Held up +no inference worker is alive: start one; .*\n +paused by somebody: vachan/,
    );
  });

  test('tells a count of now from the last one of an ended run', async () => {
    const ended = fakeRuns({
      describe: () =>
        Promise.resolve(aDescription({ state: 'completed', closed_at: '2025-12-20T13:45:00.000Z' })),
    });
    expect((await cli(['status', '2025-12-20'], connect(ended))).out[0]).toMatch(
      /\n +when it was last measured: 0 waiting/,
    );
    const running = fakeRuns({ describe: () => Promise.resolve(aDescription()) });
    expect((await cli(['status', '2025-12-20'], connect(running))).out[0]).toMatch(/\n +0 waiting/);
  });

  test('says in one line that there is no such run', async () => {
    const runs = fakeRuns({
      describe: () => Promise.reject(new InvalidInput('There is no run nightly in the namespace default.')),
    });
    const { code, err } = await cli(['status', 'nightly'], connect(runs));
    expect({ code, err }).toEqual({
      code: 1,
      err: ['vachan: There is no run nightly in the namespace default.'],
    });
  });
});

describe('steering a run', () => {
  test.each(['pause', 'resume', 'drain'] as const)('%s sends its signal to the named run', async (signal) => {
    const runs = fakeRuns();
    expect((await cli([signal, '2025-12-20'], connect(runs))).code).toBe(0);
    const { json } = await cli([signal, 'ingest:recordings', '--json'], connect(runs));
    expect(json()).toEqual([{ workflow_id: 'ingest:recordings', signal }]);
    expect(runs.signals).toEqual([
      [WORKFLOW_ID, signal],
      ['ingest:recordings', signal],
    ]);
  });

  test('set-limits changes what is named and shows what is in force', async () => {
    const changes: unknown[] = [];
    const runs = fakeRuns({
      setLimits: (_id, wanted) => {
        changes.push(wanted);
        return Promise.resolve({ ...aSummary().limits, ...wanted });
      },
    });
    const args = ['set-limits', '2025-12-20', '--max-records', 'none', '--max-concurrency', '2'];
    const { code, out } = await cli(args, connect(runs));
    expect(code).toBe(0);
    expect(changes).toEqual([{ max_records: null, max_concurrency: 2 }]);
    expect(out[0]).toMatch(/max_concurrency +2\nmax_records +none/);
    await cli(['set-limits', '2025-12-20', '--max-concurrency', 'none'], connect(runs));
    expect(changes.at(-1)).toEqual({ max_concurrency: null });
  });

  test.each([
    [['set-limits', '2025-12-20'], /Nothing to change/],
    [['set-limits', '2025-12-20', '--max-records', 'all'], /from 1 to 1000000000, or "none"/],
    [['pause', '2025-13-01'], /"2025-13-01"; expected a calendar date/],
    [['drain'], /missing required argument/],
  ])('refuses %j before it asks Temporal', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
  });
});

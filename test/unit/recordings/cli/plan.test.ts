import { cli } from '../../shared/cli/fake-context.js';

const RUN = ['plan', '--records', '900000', '--seconds-per-clip', '30', '--window', '5h'];

test('a plan names tasks, pace and rates', async () => {
  const { code, out } = await cli(RUN);
  expect(code).toBe(0);
  expect(out.map((line) => line.split(/ {2,}/)[0])).toEqual([
    'run',
    'inference tasks',
    'pace',
    'queued after',
    'task hours',
    'BacklogPerTask target',
    'SQS',
    'S3',
    'MongoDB',
    'Temporal',
  ]);
  expect(out[0]).toContain('900,000 recordings of 30 s within 5 h');
});

test('prices add a cost, and its JSON holds the sum', async () => {
  const { out } = await cli([...RUN, '--price', 'vcpu_hour=0.01', '--price', 'gb_hour=0.001']);
  expect(out.at(-1)).toMatch(/^cost of the run +\d+\.\d\d$/);
  const { json } = await cli([...RUN, '--price', 'vcpu_hour=0.01', '--json']);
  const [{ cost, plan }] = json() as unknown as [{ cost: { total: number }; plan: { taskHours: number } }];
  expect(cost.total).toBeCloseTo(plan.taskHours * 2 * 0.01);
});

test.each([
  [['--window', 'five'], /'five' is invalid. Expected a duration such as 5h/],
  [['--window', '1m'], /--window: a window of 60 s is too short/],
  [['--price', 'gold=1'], /'gold=1' is invalid. Expected NAME=AMOUNT with one of vcpu_hour, /],
  [['--price', 'vcpu_hour=-1'], /Expected a number above 0/],
  [['--utilisation', '1.5'], /Expected a share above 0, at most 1/],
])('%j is refused with what was expected', async (args, message) => {
  const { code, err } = await cli([...RUN, ...args]);
  expect(code).not.toBe(0);
  expect(err.join('\n')).toMatch(message);
});

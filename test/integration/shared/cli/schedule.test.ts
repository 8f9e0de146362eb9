import { dateInTimeZone } from '../../../../src/activities/recordings/date-in-time-zone.js';
import type { OrchestratorActivities } from '../../../../src/activities/recordings/activity-types.js';
import type {
  DiscoveryInput,
  NightlyInput,
} from '../../../../src/pipelines/recordings/contract/workflow-inputs.js';
import type { ScheduleDetails, ScheduleView } from '../../../../src/temporal/schedules/schedules.js';
import { until } from '../../../until.js';
import { freshName } from '../../embedded-stack.js';
import { vachan } from './run-vachan.js';
import { smallPlan, startStandInOrchestrator, type StandInOrchestrator } from './stand-in-orchestrator.js';

/** The inputs of the discoveries that were started, in order of their dates. */
const started: DiscoveryInput[] = [];

/** A source with nothing in it, of which every date is over at once. */
const activitiesOf = (collection: string): Partial<OrchestratorActivities> => ({
  prepareNight: (raw, at) => {
    const { time_zone: zone = 'UTC', day_offset: offset = 0, discovery } = raw as NightlyInput;
    const test_date = dateInTimeZone(new Date(at), zone, offset) ?? '';
    return Promise.resolve({
      workflow_id: `discovery:${collection}:${test_date}`,
      input: { ...discovery, test_date },
    });
  },
  prepareDiscovery: (raw) => {
    const input = raw as DiscoveryInput;
    started.push(input);
    return Promise.resolve(smallPlan(collection, { ...input, await_queue: false }));
  },
  discoverPage: () =>
    Promise.resolve({ watermark: null, discovered: 0, enqueued: 0, existing: 0, exhausted: true }),
  measureBacklog: () => Promise.resolve({ visible: 0, in_flight: 0, delayed: 0, inference_workers: 0 }),
});

let orchestrator: StandInOrchestrator;
let environment: StandInOrchestrator['environment'];

// A busy machine starts a process in seconds, and this story starts a dozen.
jest.setTimeout(180_000);

beforeAll(async () => {
  orchestrator = await startStandInOrchestrator(activitiesOf);
  ({ environment } = orchestrator);
});
afterAll(() => orchestrator.stop());

const schedule = (...args: string[]): ReturnType<typeof vachan> => vachan(['schedule', ...args], environment);

async function details(id: string): Promise<ScheduleDetails> {
  return JSON.parse((await schedule('describe', id, '--json')).stdout) as ScheduleDetails;
}

test('a schedule, from the shell: made, listed, paused, fired, backfilled, deleted', async () => {
  const id = freshName('nightly');
  const cron = ['--cron', '0 19 * * *', '--time-zone', 'Asia/Kolkata'];
  const made = await schedule('create', id, ...cron, '--day-offset', '-1', '--max-records', '250');
  expect(made.stderr).toMatch(/^Created .*\. It fires next: \d{4}-\d{2}-\d{2} 19:00 \(Asia\/Kolkata\)\.\n$/);
  expect(await schedule('create', id, ...cron)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already') as string,
  });

  // The list follows a moment later.
  let listed: ScheduleView | undefined;
  await until(async () => {
    const { stdout } = await schedule('list', '--json');
    const { schedules } = JSON.parse(stdout) as { schedules: ScheduleView[] };
    listed = schedules.find(({ schedule_id }) => schedule_id === id);
    return listed !== undefined;
  });
  expect(listed).toMatchObject({ cron: '0 19 * * *', time_zone: 'Asia/Kolkata', paused: false });
  expect(listed?.next[0]).toMatch(/T13:30:00\.000Z$/);

  await schedule('pause', id, '--note', 'holidays');
  expect(await details(id)).toMatchObject({ paused: true, note: 'holidays' });
  expect((await schedule('unpause', id)).code).toBe(0);

  expect((await schedule('backfill', id, '--from', '2025-12-18', '--to', '2025-12-20')).code).toBe(0);
  await until(() => started.length === 3);
  expect(started.map(({ test_date }) => test_date).sort()).toEqual([
    '2025-12-18',
    '2025-12-19',
    '2025-12-20',
  ]);
  expect(started[0]).toMatchObject({ max_records: 250 });

  await schedule('trigger', id);
  await until(() => started.length === 4);
  const yesterday = dateInTimeZone(new Date(), 'Asia/Kolkata', -1);
  expect(started[3]?.test_date).toBe(yesterday);

  expect(await details(id)).toMatchObject({ fired: 4, day_offset: -1 });
  expect((await schedule('describe', id)).stdout).toMatch(/Test date +1 day before the date it fires on/);
  expect((await schedule('delete', id)).code).toBe(0);
  expect(await schedule('describe', id)).toMatchObject({
    code: 1,
    stderr: `vachan: There is no schedule ${id} in the namespace default.\n`,
  });
});

test.each([
  ['a cron expression that is none', ['create', '--cron', 'at night'], /cron/i],
  [
    'a time zone that is none',
    ['create', '--cron', '0 19 * * *', '--time-zone', 'IST+1'],
    /The time zone is "IST\+1"; expected an IANA name/,
  ],
  ['a date that is none', ['backfill', '--from', '2025-02-30'], /The date is "2025-02-30"/],
  ['dates in the wrong order', ['backfill', '--from', '2025-12-20', '--to', '2025-12-19'], /expected 1 to/],
])('%s is told in one line', async (_, args, expected) => {
  const { code, stderr } = await schedule(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(expected);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

import { judgeInterviews } from '../../../../tools/interviews/interviews-verdict.js';
import { delivery, SEEDED, soundRemains } from './sound-world.js';

type Remains = ReturnType<typeof soundRemains>;

const judged = (spoil: (remains: Remains) => void): string[] => {
  const remains = soundRemains();
  spoil(remains);
  return judgeInterviews(SEEDED, remains);
};

test('has nothing to say where all went well', () => {
  expect(judged(() => undefined)).toEqual([]);
});

test('lets a delivery come twice, and one that was refused come again', () => {
  expect(
    judged(({ deliveries }) => {
      deliveries.unshift(delivery('w1', 'one', 'interview.completed', 503));
      deliveries.push(delivery('w3', 'two', 'interview.failed'));
    }),
  ).toEqual([]);
});

const FLAWS: [string, (remains: Remains) => void, string][] = [
  ['a job that is missing', ({ world }) => void world.jobs.shift(), 'it has no job'],
  [
    'a job that is there twice',
    ({ world }) => void world.jobs.push({ ...world.jobs[0]!, _id: 'j9' }),
    '2 jobs',
  ],
  ['a job that is left in the middle', ({ world }) => void (world.jobs[0]!.status = '1'), 'status is "1"'],
  ['another reason', ({ world }) => void (world.jobs[1]!.error_message = 'Timeout'), 'does not say'],
  ['a job of nobody', ({ world }) => void world.jobs.push({ ...world.jobs[0]!, _id: 'j9', key: 'x' }), 'j9'],
  ['a job begun anew', ({ world }) => void (world.jobs[0]!.revision = 2), 'revision is 2'],
  ['a result that is missing', ({ world }) => void world.results.pop(), 'it has no result'],
  [
    'two current results',
    ({ world }) => void world.results.push({ ...world.results[0]!, _id: 'r2' }),
    '2 current results',
  ],
  [
    'an older result that leads nowhere',
    ({ world }) => void world.results.push({ ...world.results[0]!, _id: 'r2', superseded_by: 'r7' }),
    '1 older results',
  ],
  [
    'a result of another object',
    ({ etags }) => void (etags as Map<string, string>).set('one.mp4', 'e2'),
    'any more',
  ],
  [
    'a result of what failed',
    ({ world }) => void world.results.push({ ...world.results[0]!, _id: 'r2', job_id: 'j2' }),
    'although it failed',
  ],
  [
    'a measure out of bounds',
    ({ world }) => void Object.assign(world.results[0]!.media, { duration: 8.8 }),
    'media.duration is 8.8 instead of 9.9 to 10.1',
  ],
  [
    'a list of another length',
    ({ world }) => void Object.assign(world.results[0]!.speech!, { pauses: [] }),
    'speech.pauses is 0 instead of 2',
  ],
  [
    'what is no number',
    ({ world }) => void Object.assign(world.results[0]!, { audio: { integrated_lufs: -Infinity } }),
    'audio.integrated_lufs is no finite number',
  ],
  ['a warning', ({ world }) => void Object.assign(world.results[0]!, { warnings: ['damaged'] }), 'damaged'],
  [
    'a claim that is not made',
    ({ world }) => void Object.assign(world.results[0]!, { not_measured: ['mood'] }),
    'emotion',
  ],
  [
    'an end that nobody was told',
    ({ deliveries }) => void deliveries.shift(),
    'never told interview.completed',
  ],
  [
    'another end told',
    ({ deliveries }) => void deliveries.splice(0, 1, delivery('w1', 'one', 'interview.failed')),
    'last told interview.failed',
  ],
  [
    'an end told under two ids',
    ({ deliveries }) => void deliveries.push(delivery('w9', 'one', 'interview.completed')),
    'under 2 webhook-ids',
  ],
  [
    'other counts told',
    ({ deliveries }) => void Object.assign(deliveries[0]!.event!.data['jobs']!, { open: 1 }),
    '"open":1} instead of',
  ],
  [
    'an id that stands for two things',
    ({ deliveries }) =>
      void deliveries.push({
        ...delivery('w1', 'one', 'interview.completed'),
        event: { type: 'interview.completed', timestamp: '', data: { interview_id: 'one', jobs: 2 } },
      }),
    'one webhook-id stands for two things',
  ],
  ['a failed job that nobody was told', ({ deliveries }) => void deliveries.splice(1, 1), '0 failed jobs'],
  [
    'a forged delivery',
    ({ deliveries }) => void (deliveries[0]!.notGenuine = 'it has no webhook-id'),
    'webhook-id',
  ],
  ['an event that still waits', ({ world }) => void (world.events[0]!.status = 'pending'), 'is pending'],
  ['a part of no job', ({ world }) => void world.parts.push({ job_id: 'j9' }), '1 parts are of no job'],
  ['a message that is left', ({ world }) => void (world.queue.visible = 1), 'still has 1 messages'],
  ['a dead letter', ({ world }) => void world.deadLetters.push('{}'), '1 messages are dead letters'],
];

test.each(FLAWS)('tells of %s', (_, spoil, complaint) => {
  expect(judged(spoil).join('\n')).toContain(complaint);
});

const ERASED = SEEDED.map((interview) => ({ ...interview, isErased: true }));

test('wants nothing of what was erased to be left', () => {
  const remains = soundRemains();
  expect(judgeInterviews(ERASED, remains).join('\n')).toContain(
    '1 of its jobs are left although it was erased',
  );
  const nothing = { ...remains.world, jobs: [], results: [], events: [], parts: [] };
  expect(judgeInterviews(ERASED, { ...remains, world: nothing })).toEqual([]);
});

test('wants what was extended to be told again, and each state once', () => {
  const extended = SEEDED.map((interview) => ({ ...interview, isExtended: true }));
  const remains = soundRemains();
  const again = delivery('w9', 'one', 'interview.completed');
  Object.assign(again.event!.data, { media: ['another'] });
  remains.deliveries.unshift(again);
  expect(judgeInterviews(extended, remains)).toEqual([]);
  remains.deliveries.push(delivery('w10', 'one', 'interview.completed'));
  expect(judgeInterviews(extended, remains).join()).toContain('the same was told under two webhook-ids');
});

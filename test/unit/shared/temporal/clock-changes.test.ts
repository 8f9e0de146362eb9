import { clockChanges, untouchedBy } from '../../../../src/temporal/schedules/clock-changes.js';

const from = new Date('2026-01-10T00:00:00Z');

test.each([
  ['30 2 * * *', 'America/New_York', ['2026-03-08 02:30'], []],
  ['30 1 * * *', 'America/New_York', [], ['2026-11-01 01:30']],
  ['30 2 * * *', 'Europe/Berlin', ['2026-03-29 02:30'], ['2026-10-25 02:30']],
  ['0 2,22 * * *', 'Europe/Berlin', ['2026-03-29 02:00'], ['2026-10-25 02:00']],
  // Half an hour: clocks go from 02:00 to 02:30, and back from 02:00 to 01:30.
  ['15 2 * * *', 'Australia/Lord_Howe', ['2026-10-04 02:15'], []],
  ['45 2 * * *', 'Australia/Lord_Howe', [], []],
  ['45 1 * * *', 'Australia/Lord_Howe', [], ['2026-04-05 01:45']],
  ['30 2 * * *', 'Asia/Kolkata', [], []],
  ['0 19 * * *', 'Europe/Berlin', [], []],
  // The change comes on a Sunday.
  ['30 2 * * mon-fri', 'Europe/Berlin', [], []],
  ['30 2 * * 7', 'Europe/Berlin', ['2026-03-29 02:30'], ['2026-10-25 02:30']],
  ['30 2 1 * *', 'Europe/Berlin', [], []],
])('%s in %s leaves out %j and fires twice at %j', (cron, zone, left_out, twice) => {
  expect(clockChanges(cron, zone, from)).toEqual({ left_out, twice });
});

test('a step falls into the gap with each of its moments', () => {
  expect(clockChanges('*/30 2 * 3 *', 'Europe/Berlin', from)?.left_out).toEqual([
    '2026-03-29 02:00',
    '2026-03-29 02:30',
  ]);
});

test.each(['@daily', '* * * *', 'a b c d e', '70 2 * * *'])('%s is not judged', (cron) => {
  expect(clockChanges(cron, 'Europe/Berlin', from)).toBeUndefined();
});

test('the next hour that no change touches is the one to take', () => {
  expect(untouchedBy('30 2 * * *', 'Europe/Berlin', from)).toBe('30 3 * * *');
  expect(untouchedBy('30 1 * * *', 'America/New_York', from)).toBe('30 3 * * *');
  expect(untouchedBy('30 1,2 * * *', 'America/New_York', from)).toBeUndefined();
});

import { createHeartbeatJudge, type Verdict } from '../../../../src/temporal/heartbeat-judge.js';

const HOUR_MS = 3_600_000;
const BEAT_MS = 10_000;
const START_MS = Date.UTC(2025, 11, 20, 13);

interface Story {
  /** How far the worker's clock is behind; may change midway. */
  clockBehindMs: number | ((atMs: number) => number);
  /** Times since the start at which somebody looks. */
  looksMs: readonly number[];
  /** The worker's last beat is before this; it beats every ten seconds from 3 s on. */
  diesAtMs?: number;
}

/** What is said of a worker at each look. */
function told({ clockBehindMs, looksMs, diesAtMs = Infinity }: Story): Verdict[] {
  let now = START_MS;
  const judge = createHeartbeatJudge(() => now);
  const behind = typeof clockBehindMs === 'number' ? () => clockBehindMs : clockBehindMs;
  return looksMs.map((lookMs) => {
    now = START_MS + lookMs;
    const until = Math.min(lookMs, diesAtMs - 1);
    const lastBeatMs = 3_000 + Math.floor((until - 3_000) / BEAT_MS) * BEAT_MS;
    const beatMs = START_MS + lastBeatMs - behind(lastBeatMs);
    return judge.judge([{ instance: 'worker', beatMs }], now).get('worker')!.verdict;
  });
}

/** As the backlog is measured. */
const everyMs = (step: number, until: number, from = 5_000): number[] =>
  Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, index) => from + index * step);

const SKEWS = [
  0,
  ...[5_000, 25_000, 29_000, 31_000, 45_000, 300_000, HOUR_MS].flatMap((skew) => [skew, -skew]),
];

describe('a worker that lives', () => {
  test.each(SKEWS)('is told to live from its second beat on, with a clock that is %i ms behind', (skew) => {
    for (const step of [1_000, 2_000, 7_000, 15_000, 29_000]) {
      const verdicts = told({ clockBehindMs: skew, looksMs: everyMs(step, 600_000) });
      // Two looks between which it has beaten.
      const second = Math.ceil(BEAT_MS / step) + 1;
      expect([step, new Set(verdicts.slice(second))]).toEqual([step, new Set(['alive'])]);
      expect(verdicts[0]).not.toBe('dead');
    }
  });

  test('is told to live at the first look where the clocks agree', () => {
    expect(told({ clockBehindMs: 2_000, looksMs: [5_000] })).toEqual(['alive']);
    expect(told({ clockBehindMs: HOUR_MS, looksMs: [5_000] })).toEqual(['unsure']);
  });

  test.each([HOUR_MS, -HOUR_MS])('goes on living when its clock is set by %i ms', (step) => {
    const verdicts = told({
      clockBehindMs: (atMs) => (atMs < 120_000 ? 0 : step),
      looksMs: everyMs(15_000, 400_000),
    });
    expect(new Set(verdicts)).toEqual(new Set(['alive']));
  });
});

describe('a worker that died', () => {
  test.each(SKEWS)('is known to be dead within 45 s, with a clock that is %i ms behind', (skew) => {
    const diesAtMs = 125_000;
    for (const step of [1_000, 2_000, 7_000, 15_000]) {
      const looksMs = everyMs(step, 600_000);
      const verdicts = told({ clockBehindMs: skew, looksMs, diesAtMs });
      const late = verdicts.filter((_, index) => looksMs[index]! > diesAtMs + 45_000);
      expect([step, new Set(late)]).toEqual([step, new Set(['dead'])]);
      expect(verdicts[verdicts.length - 1]).toBe('dead');
    }
  });

  test('is never taken for one that lives, when it had died before anybody looked', () => {
    for (const skew of [0, HOUR_MS, -HOUR_MS]) {
      const verdicts = told({
        clockBehindMs: skew,
        looksMs: everyMs(15_000, 600_000, 100_000),
        diesAtMs: 50_000,
      });
      expect(verdicts).not.toContain('alive');
    }
  });

  test('is known to be dead 30 s after its last word, where the clocks agree', () => {
    // It says its last word at 123 s.
    const looksMs = [100_000, 115_000, 130_000, 145_000, 152_000, 154_000];
    expect(told({ clockBehindMs: 0, looksMs, diesAtMs: 125_000 })).toEqual([
      ...['alive', 'alive', 'alive', 'alive', 'alive'],
      'dead',
    ]);
  });
});

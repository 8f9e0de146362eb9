// Days of recordings, by the times at which their rows were made.
import { SUBJECT_NAME, sourceDocument } from '../service/source-document.mjs';

const TEST_DATE = '2025-12-20';
const OTHER_DATE = '2025-12-19';
const START_MS = Date.parse(`${TEST_DATE}T03:30:00Z`);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Each gives the times of so many rows, in milliseconds since the day began; they need not be in order. */
export const SHAPES = {
  even: {
    title: 'even arrivals, 25 a second',
    times: (rows) => Array.from({ length: rows }, (_, n) => n * 40),
  },
  import: {
    title: 'an import that stamps whole seconds, 25 rows each',
    // Each page reads again the second in which the last one ended, and the whole of the one in which it ends.
    most: 1.6,
    times: (rows) => Array.from({ length: rows }, (_, n) => Math.floor(n / 25) * 1_000),
  },
  school: {
    title: 'school hours: waves a class long, a break at noon, stragglers for three days',
    times(rows, random) {
      return Array.from({ length: rows }, () => {
        if (random() < 0.02) return 7 * HOUR_MS + random() * 72 * HOUR_MS;
        const lesson = Math.floor(random() * 8);
        const start = lesson * 0.75 * HOUR_MS + (lesson >= 4 ? HOUR_MS : 0);
        // Three uniform draws: most in the middle of the lesson.
        return start + ((random() + random() + random()) / 3) * 0.75 * HOUR_MS;
      });
    },
  },
  uploads: {
    title: 'phones that upload in bursts when they find a network',
    times(rows, random) {
      const bursts = Array.from(
        { length: Math.max(1, Math.ceil(rows / 250)) },
        () => random() * 10 * HOUR_MS,
      );
      return Array.from({ length: rows }, () => {
        const burst = bursts[Math.floor(random() * bursts.length)];
        return burst + random() * 20_000;
      });
    },
  },
};

/** @returns `{entries, testDate, subjectName}`: documents of the date and a tenth as many of another date between them, by time */
export function makeEntries(shape, rows) {
  const random = seeded(rows);
  const others = Math.ceil(rows / 10);
  const times = SHAPES[shape].times(rows + others, random);
  const entries = times.map((ms, n) => {
    const ofDate = n < rows;
    // Most of the other date's were made on another day.
    const timeMs = Math.round(START_MS + ms - (ofDate ? 0 : random() * 2 * DAY_MS));
    return {
      timeMs,
      ofDate,
      document: {
        _id: n.toString(16).padStart(24, '0'),
        ...sourceDocument(n, ofDate ? TEST_DATE : OTHER_DATE, new Date(timeMs)),
      },
    };
  });
  entries.sort((a, b) => a.timeMs - b.timeMs);
  return { entries, testDate: TEST_DATE, subjectName: SUBJECT_NAME };
}

/** mulberry32: the same day each time. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

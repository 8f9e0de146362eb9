import type { TestDay } from './test-day.js';

const HOUR_MS = 3_600_000;

/** All time zones differ from UTC by a multiple of this. */
export const ZONE_STEP_MS = HOUR_MS / 4;

/** Clocks are up to fourteen hours ahead of UTC and twelve behind it: between these lies the date's midnight everywhere. */
export function midnightsAnywhere({ midnightMs }: TestDay): { fromMs: number; toMs: number } {
  return { fromMs: midnightMs - 14 * HOUR_MS, toMs: midnightMs + 12 * HOUR_MS };
}

/** Patterns, each from the beginning of a text, of the ways in which the date is written otherwise. */
export function otherSpellings(day: TestDay): string[] {
  const [year = '', month = '', dayOfMonth = ''] = day.date.split('-');
  const [m, d] = [String(Number(month)), String(Number(dayOfMonth))];
  const name = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }).format(day.midnightMs);
  const separator = '[-/. ]';
  const orders = [
    [dayOfMonth, month, year],
    [d, m, year],
    [month, dayOfMonth, year],
    [m, d, year],
    [year, month, dayOfMonth],
    [year, m, d],
    [dayOfMonth, month, year.slice(2)],
  ].map((parts) => parts.join(separator));
  const words = [`0?${d}[- ]${name}[a-z]*[-, ]+${year}`, `${name}[a-z]* 0?${d}[, ]+${year}`];
  return [...new Set([...orders, `${year}${month}${dayOfMonth}`, ...words])].map((of) => `^${of}(?![0-9])`);
}

/** Patterns of texts in UTC that say the date's midnight in another time zone, from the beginning. */
export function midnightTexts(day: TestDay): string[] {
  const { fromMs, toMs } = midnightsAnywhere(day);
  const hours = new Map<string, string[]>();
  for (let at = fromMs; at <= toMs; at += ZONE_STEP_MS) {
    if (at === day.midnightMs) continue;
    const text = new Date(at).toISOString();
    const hour = text.slice(0, 13);
    hours.set(hour, [...(hours.get(hour) ?? []), text.slice(14, 16)]);
  }
  return [...hours].map(
    ([hour, minutes]) => `^${hour}:(?:${minutes.join('|')})(?::00)?(?:\\.0+)?(?:Z|\\+00:?00)$`,
  );
}

/** `20251220`, and the instants of the day in milliseconds and in seconds since the epoch. */
export function dateNumbers(day: TestDay): {
  exact: number;
  ranges: [fromNumber: number, untilNumber: number][];
} {
  const [fromMs, untilMs] = [day.midnightMs, day.midnightMs + 24 * HOUR_MS];
  return {
    exact: Number(day.date.replaceAll('-', '')),
    ranges: [
      [fromMs, untilMs],
      [fromMs / 1000, untilMs / 1000],
    ],
  };
}

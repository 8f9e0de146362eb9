/** 1, 2 or 5 times a power of ten: at least `least`. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** Round values from zero to at least `most`: a scale's ticks. */
export function niceTicks(most: number, count: number): number[] {
  const step = Math.max(niceStep(most / count), Number.EPSILON);
  const last = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: last + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SPANS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

/** The shortest usual span of time of which `most` cover `totalMs`; days beyond the usual ones. */
export function niceSpanMs(totalMs: number, most: number): number {
  const day = 24 * HOUR;
  return SPANS_MS.find((span) => totalMs / span <= most) ?? Math.ceil(totalMs / most / day) * day;
}

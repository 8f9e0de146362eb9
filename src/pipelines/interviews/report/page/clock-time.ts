/** A time of the medium, as players show it: `3:07`, `1:02:09`. */
export function clockTime(seconds: number): string {
  return clock(Math.floor(tenthsOf(seconds) / 10));
}

/** The same to a tenth of a second, for where something begins or ends: `3:07.4`. */
export function preciseClockTime(seconds: number): string {
  const tenths = tenthsOf(seconds);
  return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** Sums of seconds end at 59.999… for what is 60. */
const tenthsOf = (seconds: number): number => Math.max(0, Math.round(seconds * 10));

function clock(whole: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** What sums of seconds may be off by. */
const ROUNDING = 1e-3;

/** Round times from `from` to `to`, at most so many. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step = STEPS.find((seconds) => (to - from) / seconds <= most) ?? 14_400;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - ROUNDING) / step) * step; at <= to + ROUNDING; at += step) ticks.push(at);
  return ticks;
}

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });

export const number = (value: number): string => numbers.format(value);

export function share(part: number, whole: number): string {
  if (whole === 0) return 'none';
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : many}`;
}

/** `4 h 05 min`, `3 min 07 s`, `12.3 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${number(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** How the page writes times: all in one zone. */
export interface Clock {
  zone: string;
  /** `20 December 2025, 19:04` */
  instant(date: Date): string;
  /** `19:04`, with seconds where a step is shorter than a minute, with the day where it is a day. */
  tick(date: Date, stepMs: number): string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function createClock(timeZone: string): Clock {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  const instant = format({ dateStyle: 'long', timeStyle: 'short' });
  const minutes = format({ hour: '2-digit', minute: '2-digit' });
  const seconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const days = format({ day: 'numeric', month: 'short' });
  return {
    zone: timeZone,
    instant: (date) => instant.format(date),
    tick: (date, stepMs) => (stepMs < MINUTE_MS ? seconds : stepMs < DAY_MS ? minutes : days).format(date),
  };
}

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

/** `20 December 2025` */
export function dayInWords(testDate: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${testDate}T00:00:00Z`),
  );
}

/** A failure's class in the words of who has to fix it. */
export const FAILURE_WORDS: Readonly<Record<string, string>> = {
  AudioLocationRefused: 'the address is malformed, or points where Vachan may not read',
  AudioNotFound: 'there is no such object',
  AudioForbidden: 'the object store refuses to hand it over: access is denied',
  AudioArchived: 'it lies in an archive tier and has to be restored first',
  AudioKeyUnavailable: 'the key it is encrypted with is disabled, deleted or not for the reader',
  AudioAddressExpired: 'the time of its presigned address is over',
  AudioWrongRegion: 'its bucket lies in another region',
  AudioDownloadFailed: 'every attempt to download it failed',
  AudioDownloadTimeout: 'every attempt to download it took too long',
  AudioEmpty: 'the file holds no bytes',
  AudioTooLarge: 'it has more bytes than AUDIO_MAX_BYTES allows',
  AudioTooComplex: 'decoding it takes more memory than AUDIO_MEMBER_MEMORY_MB allows',
  AudioTooLong: 'it lasts longer than AUDIO_MAX_SECONDS allows',
  AudioUndecodable: 'it is no audio that the decoder knows, or it is damaged',
  AudioTruncated: 'it ends before its container says',
  AudioDecoderCrashed: 'the process that decoded it died or hung',
};

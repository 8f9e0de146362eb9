import type { Readable } from 'node:stream';
import { AudioDownloadFailed, AudioForbidden, AudioNotFound } from '../../platform/errors.js';
import { AttemptFailed } from './attempt-failed.js';
import type { AttemptClock } from './attempt-clock.js';

/** Part of an object to read: from a byte on, of the very object seen before. */
export interface ResumeFrom {
  byte: number;
  etag: string;
}

/** A body that is about to stream. */
export interface OpenedBody {
  body: Readable;
  /** Byte of the object at which the body starts: 0 when the server did not take up the offset asked for. */
  startsAt: number;
  /** Length of the whole object, where the server states it. */
  totalBytes: number | undefined;
  /** Only a strong one, which names the exact bytes. */
  etag: string | undefined;
}

/** One way to read one object. */
export interface AudioSource {
  /**
   * @throws AttemptFailed when trying again may help
   * @throws AudioNotFound, AudioForbidden, AudioLocationRefused, AudioDownloadFailed when it cannot
   */
  open(resume: ResumeFrom | undefined, clock: AttemptClock): Promise<OpenedBody>;
}

/** The error that an HTTP status other than 200 and 206 means. `name` describes the object, without its query. */
export function errorForStatus(status: number, name: string, retryAfterMs: number | undefined): Error {
  if (status === 404 || status === 410) return new AudioNotFound(`No such audio object: ${name}`);
  if (status === 401 || status === 403) {
    return new AudioForbidden(`The store refuses to hand over ${name} (${status})`);
  }
  if (status === 412 || status === 416)
    return new AttemptFailed('changed', `it changed meanwhile (${status})`);
  if (status === 429 || status === 503) {
    return new AttemptFailed('throttled', `the store asks to slow down (${status})`, retryAfterMs);
  }
  if (status === 408 || status >= 500)
    return new AttemptFailed('cut', `the store answers ${status}`, retryAfterMs);
  return new AudioDownloadFailed(`Downloading ${name} failed: the store answers ${status}`);
}

export function strongEtag(etag: string | undefined): string | undefined {
  return etag === undefined || etag.startsWith('W/') ? undefined : etag;
}

/** First byte and whole length from `bytes 100-199/200`. */
export function parseContentRange(
  header: string | undefined,
): { startsAt: number; totalBytes: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? '');
  if (!match) return undefined;
  return { startsAt: Number(match[1]), totalBytes: match[2] === '*' ? undefined : Number(match[2]) };
}

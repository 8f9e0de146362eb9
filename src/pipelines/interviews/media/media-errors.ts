import { VachanError } from '../../../platform/errors.js';

/** Why a medium can never be analysed as it is. Stored with the job, so these words stay. */
export const REFUSALS = [
  'empty',
  'not a known container',
  'index missing',
  'undecodable',
  'too many streams',
  'picture too large',
  'sound of a kind that is not expected',
  'unsupported codec',
  'no video stream',
  'no audio stream',
  'too long',
  'too complex',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Thrown when a medium can never be analysed as it is: trying again reads the same bytes. */
export class MediaRefused extends VachanError {
  readonly retryable = false;
  readonly reason: Refusal;
  /** What was found, and what was expected; no name, no key. */
  readonly detail: string | undefined;

  constructor(reason: Refusal, detail?: string, options?: ErrorOptions) {
    super(`${reason}${detail === undefined ? '' : ` (${detail})`}`, options);
    this.reason = reason;
    this.detail = detail;
  }
}

/** Thrown when another object took the medium's place while it was read; the next attempt reads that one from its beginning. */
export class MediaChanged extends VachanError {
  readonly retryable = true;
}

/** Thrown when the process that read a medium was lost over it: it died, fell silent, or was ended with its pool. */
export class MediaProcessLost extends VachanError {
  readonly retryable = true;
}

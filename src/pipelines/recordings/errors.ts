import { VachanError } from '../../platform/errors.js';

/**
 * Base of everything that ends one recording as `failed_pre_inference`: its class name is what the CSV's
 * `error` column starts with, so that failures can be counted by cause.
 */
export abstract class AudioError extends VachanError {}

/** Thrown when the address is malformed, or points where Vachan may not read. */
export class AudioLocationRefused extends AudioError {
  readonly retryable = false;
}

/** Thrown when the object store answers that there is no such object (404). */
export class AudioNotFound extends AudioError {
  readonly retryable = false;
}

/** Thrown when the object store refuses to hand the object over: access is denied (401, 403). */
export class AudioForbidden extends AudioError {
  readonly retryable = false;
}

/** Thrown when the object lies in an archive tier, from which somebody must have it restored first. */
export class AudioArchived extends AudioError {
  readonly retryable = false;
}

/** Thrown when the key that the object is encrypted with is disabled, deleted or not for this reader. */
export class AudioKeyUnavailable extends AudioError {
  readonly retryable = false;
}

/** Thrown when the time of a presigned address is over, or has not come. */
export class AudioAddressExpired extends AudioError {
  readonly retryable = false;
}

/** Thrown when the bucket lies in another region than the request was made for. */
export class AudioWrongRegion extends AudioError {
  readonly retryable = false;
}

/** Thrown when the download failed in every attempt: refused, cut, stalled or throttled. */
export class AudioDownloadFailed extends AudioError {
  readonly retryable = true;
}

/** Thrown when an attempt's connect, silence or total timeout ran out in every attempt. */
export class AudioDownloadTimeout extends AudioError {
  readonly retryable = true;
}

/** Thrown when the file holds no bytes. */
export class AudioEmpty extends AudioError {
  readonly retryable = false;
}

/** Thrown when the object exceeds the byte limit. */
export class AudioTooLarge extends AudioError {
  readonly retryable = false;
}

/** Thrown when the recording lasts longer than the limit. */
export class AudioTooLong extends AudioError {
  readonly retryable = false;
}

/** Thrown when the bytes are no audio that the decoder knows, or hold no audio stream or frame. */
export class AudioUndecodable extends AudioError {
  readonly retryable = false;
}

/** Thrown when decoding ended well short of the duration that the container states. */
export class AudioTruncated extends AudioError {
  readonly retryable = false;
}

/** Thrown when the process that decoded this file died or did not answer in time. */
export class AudioDecoderCrashed extends AudioError {
  readonly retryable = false;
}

/** Thrown when decoding would need, or was ended over, more memory than one recording may take. */
export class AudioTooComplex extends AudioError {
  readonly retryable = false;
}

/**
 * The error family. Vendor errors are mapped to it once, at the edge where they arise; `cause` keeps the original.
 *
 * `retryable` answers the one question every caller has: can the same attempt succeed later without anybody
 * changing its input? Messages name the thing, the value received and what was expected, and never hold a
 * child's id, a message body, a URL's query string or a secret.
 */
export abstract class VachanError extends Error {
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown at start when settings are missing or wrong; the message lists every one of them. */
export class ConfigurationError extends VachanError {
  readonly retryable = false;
}

/** Thrown when a person or a program hands over something that can never be used as it is. */
export class InvalidInput extends VachanError {
  readonly retryable: boolean = false;
}

/**
 * Thrown when a queue refuses a call: no such queue, access denied, keys refused. A person must look, and a command says so at once;
 * but policies, keys and clocks are put right without anybody changing the input, so a run under way waits.
 */
export class QueueRefused extends InvalidInput {
  override readonly retryable = true;
}

/** Thrown when a database, queue or object store does not answer, or answers that it cannot just now. */
export class DependencyUnavailable extends VachanError {
  readonly retryable = true;
}

/** Thrown when a model's artefacts are missing, altered or disagree with its manifest. */
export class ModelInvalid extends VachanError {
  readonly retryable = false;
}

/** Thrown when data in Temporal is encrypted with a key that this process lacks, or was altered. */
export class PayloadUndecodable extends VachanError {
  readonly retryable = false;
  /** Names the key; it is no secret. */
  readonly keyId: string;

  constructor(message: string, { keyId, ...options }: ErrorOptions & { keyId: string }) {
    super(message, options);
    this.keyId = keyId;
  }
}

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

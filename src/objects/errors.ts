import { VachanError } from '../platform/errors.js';

/** Base of everything that keeps one object from being fetched, whatever else is asked of its store. */
export abstract class ObjectError extends VachanError {}

/** Thrown when the address is malformed, or points where this process may not read. */
export class AddressRefused extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the store answers that there is no such object (404). */
export class ObjectNotFound extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the store refuses to hand the object over: access is denied (401, 403). */
export class ObjectForbidden extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the object lies in an archive tier, from which somebody must have it restored first. */
export class ObjectArchived extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the key that the object is encrypted with is disabled, deleted or not for this reader. */
export class EncryptionKeyUnavailable extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the time of a presigned address is over, or has not come. */
export class AddressExpired extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the bucket lies in another region than the request was made for. */
export class WrongRegion extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the download failed in every attempt: refused, cut, stalled or throttled. */
export class DownloadFailed extends ObjectError {
  readonly retryable = true;
}

/** Thrown when an attempt's connect, silence or total timeout ran out in every attempt. */
export class DownloadTimeout extends ObjectError {
  readonly retryable = true;
}

/** Thrown when the object holds no bytes. */
export class ObjectEmpty extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the object, or what its encoding unfolds to, exceeds the byte limit. */
export class ObjectTooLarge extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the content ends before its encoding says. */
export class ContentTruncated extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the content is not of the encoding that the store names, or that is not known here. */
export class ContentUndecodable extends ObjectError {
  readonly retryable = false;
}

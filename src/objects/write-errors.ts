import { ObjectError } from './errors.js';

/** Thrown when a condition of a request does not hold (412): the key is taken, or the object is not the one expected. */
export class PreconditionFailed extends ObjectError {
  readonly retryable = false;
}

/** Thrown when another conditional write to the same key was under way (409); which one wins is not known yet. */
export class WriteConflict extends ObjectError {
  readonly retryable = true;
}

/** Thrown when a multipart upload does not exist: completed, aborted, or removed by a lifecycle rule. */
export class UploadNotFound extends ObjectError {
  readonly retryable = false;
}

/** Thrown when what the store received, or has of an object, does not have the checksum that was stated. */
export class ChecksumRefused extends ObjectError {
  readonly retryable = false;
}

/** Thrown when a multipart upload cannot be completed from its parts: one is missing, too small or another one. */
export class PartsRefused extends ObjectError {
  readonly retryable = false;
}

/** Thrown when the store refuses a request for a reason that is not known here. */
export class RequestRefused extends ObjectError {
  readonly retryable = false;
}

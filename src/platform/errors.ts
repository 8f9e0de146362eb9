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

/** Thrown when a person or a program passes something that can never be used as it is. */
export class InvalidInput extends VachanError {
  readonly retryable: boolean = false;
}

/** Thrown when a database, queue or object store does not answer, or answers that it cannot just now. */
export class DependencyUnavailable extends VachanError {
  readonly retryable = true;
}

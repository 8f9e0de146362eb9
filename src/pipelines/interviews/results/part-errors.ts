import { VachanError } from '../../../platform/errors.js';

/** Thrown when what a stage has found cannot be kept; another try would find the same. */
export class InvalidPart extends VachanError {
  readonly retryable = false;
}

/** Thrown when a part that has to be there is not: its attempt has to start again. */
export class PartMissing extends VachanError {
  readonly retryable = true;
}

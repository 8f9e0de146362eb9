import { VachanError } from '../../../platform/errors.js';

/** Thrown when a job is no longer the one whose result is to be written: its work ends quietly. */
export class ClaimLost extends VachanError {
  readonly retryable = false;
}

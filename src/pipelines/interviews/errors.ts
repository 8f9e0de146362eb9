import { VachanError } from '../../platform/errors.js';

/** Thrown when this process keeps no place for a job, or gives it back: another process takes the job. */
export class PlaceGone extends VachanError {
  readonly retryable = true;
}

import { InvalidInput, VachanError } from '../../../platform/errors.js';

/** `error_type` of a document of the queue that is no job. */
export const INVALID_JOB = 'InvalidJob';
/** … and of one whose interview was erased. */
export const INTERVIEW_ERASED = 'InterviewErased';

/** Thrown for a document, message or request that is no job; says which field is wrong and what was expected. */
export class InvalidJob extends InvalidInput {}

/** Thrown when a job names an interview that was erased. */
export class InterviewErased extends VachanError {
  readonly retryable = false;
}

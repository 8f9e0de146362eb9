import type { InterviewType } from '#vachan/pipelines/interviews/contract/job.js';

/**
 * What must become of a job: completed with measures within bounds, by the path of each in its result and with lists by their
 * length; or failed for good, with words that its message must hold.
 */
export type ExpectedOutcome = CompletedOutcome | FailedOutcome;

export interface CompletedOutcome {
  ends: 'completed';
  measures: Readonly<Record<string, Bounds>>;
  /** All of them and no other; default: any. */
  warnings?: readonly string[];
}

export interface FailedOutcome {
  ends: 'failed';
  says: RegExp;
}

/** Both included. */
export type Bounds = readonly [least: number, most: number];

/** A file of test/fixtures/interviews, and how a job of each kind ends with it. */
export interface KnownMedium {
  file: string;
  outcomes: Partial<Readonly<Record<InterviewType, ExpectedOutcome>>>;
}

export const completed = (
  measures: CompletedOutcome['measures'],
  warnings?: readonly string[],
): CompletedOutcome => ({ ends: 'completed', measures, ...(warnings && { warnings }) });

export const failed = (says: RegExp): FailedOutcome => ({ ends: 'failed', says });

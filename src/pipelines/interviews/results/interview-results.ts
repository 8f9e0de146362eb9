import type { InterviewResult } from '../contract/result.js';

/** Result documents. Reads and writes are of the majority. */
export interface InterviewResults {
  /**
   * Writes a result, if the job is still held by its `run_id` and its interview is not erased; the medium's other results
   * become superseded by it. Writing it again changes nothing.
   *
   * @throws ClaimLost, InterviewErased, DependencyUnavailable
   */
  store: (result: InterviewResult) => Promise<void>;
  get: (id: string) => Promise<InterviewResult | undefined>;
  /** `engine_version` of a result; undefined where there is none. */
  engineVersionOf: (id: string) => Promise<number | undefined>;
  /** The current ones of an interview, a medium each, in the order of type and key. */
  ofInterview: (interviewId: string) => Promise<InterviewResult[]>;
  /** Removes those past their retention. @returns how many there were */
  removeExpired: (now: Date) => Promise<number>;
  /** All of these interviews, with their series. @returns how many there were */
  removeErased: (interviewDigests: readonly string[]) => Promise<number>;
  ensureIndexes: () => Promise<void>;
}

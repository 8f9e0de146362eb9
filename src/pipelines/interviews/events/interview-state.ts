import { createHash } from 'node:crypto';
import { JOB_STATUS, type InterviewJob, type JobStatus } from '../contract/job.js';

/** What of a job decides whether its interview has ended. */
export type JobState = Pick<InterviewJob, 'job_id' | 'status' | 'revision' | 'run_id' | 'expected_jobs'>;

/** How an interview stands. */
export interface InterviewState {
  open: number;
  completed: number;
  failed: number;
  /**
   * `expected`: as many jobs have ended as a job says are expected. `quiet`: nobody says how many, and all that there are
   * have ended; more may come in a moment.
   */
  ended: 'no' | 'expected' | 'quiet';
  /** Which jobs have ended how: another one where a job has ended since, or was begun anew. */
  hash: string;
}

const HEX_DIGITS = 16;

const ENDED: readonly JobStatus[] = [JOB_STATUS.completed, JOB_STATUS.failed];

export function hasEnded({ status }: Pick<InterviewJob, 'status'>): boolean {
  return ENDED.includes(status);
}

/** @param jobs all of one interview */
export function interviewState(jobs: readonly JobState[]): InterviewState {
  const ended = jobs.filter(hasEnded);
  const completed = ended.filter(({ status }) => status === JOB_STATUS.completed).length;
  const open = jobs.length - ended.length;
  // Jobs of one interview may be written by programs that know of different numbers: the greatest holds.
  const expected = Math.max(0, ...jobs.map((job) => job.expected_jobs ?? 0));
  const isQuiet = open === 0 && ended.length > 0;
  return {
    open,
    completed,
    failed: ended.length - completed,
    ended: expected > 0 ? (ended.length >= expected ? 'expected' : 'no') : isQuiet ? 'quiet' : 'no',
    hash: digest(ended.map(jobHash).sort()),
  };
}

/** How one job has ended; another one each time it was begun anew. */
export function jobHash({ job_id, status, revision, run_id }: JobState): string {
  return digest([job_id, String(revision), status, run_id ?? '']);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, HEX_DIGITS);
}

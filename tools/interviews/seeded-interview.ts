import type { InterviewType, Question } from '#vachan/pipelines/interviews/contract/job.js';
import type { ExpectedOutcome } from './media/expected-outcome.js';

/** How a job comes in: by the application's own insert, by HTTP, or since S3 tells of an object whose key says whose it is. */
export type Door = 'insert' | 'http' | 's3_event';

/** What lies in S3 in the end: a file of this machine, or these bytes. */
export type Content = { file: string } | { bytes: Uint8Array };

/** One medium of an interview, and so one job. */
export interface SeededMedium {
  type: InterviewType;
  key: string;
  door: Door;
  /** Undefined: it never comes. */
  content: Content | undefined;
  /** Uploaded only when somebody says so: after the job has been admitted. */
  isLate?: boolean;
  outcome: ExpectedOutcome;
  /** Uploaded in its place once the job has ended, or while it is worked on, with what must become of the job then. */
  replacement?: { content: Content; outcome: ExpectedOutcome; isMidway?: boolean };
}

/** An interview, and how it must end. */
export interface SeededInterview {
  /** What is special about it, in words. */
  kind: string;
  id: string;
  media: readonly SeededMedium[];
  /** Whether its jobs say how many there are; else it is told when they have been quiet. */
  saysHowMany?: boolean;
  questions?: readonly Question[];
  /** Jobs are added after its end was told, which is then told again. */
  isExtended?: boolean;
  /** Erased, at whatever time: nothing of it may be left. */
  isErased?: boolean;
}

/** How its jobs end for good, in their order. */
export function finalOutcomes({ media }: SeededInterview): ExpectedOutcome[] {
  return media.map(({ outcome, replacement }) => replacement?.outcome ?? outcome);
}

/** What the world is told of it in the end. */
export function finalEvent(interview: SeededInterview): 'interview.completed' | 'interview.failed' {
  const hasResult = finalOutcomes(interview).some(({ ends }) => ends === 'completed');
  return hasResult ? 'interview.completed' : 'interview.failed';
}

/** Said in the recordings of test/fixtures/interviews. */
const SAID = ['Alex Morgan', 'nurse for seven', 'small team of four', 'talk to the team', 'what went wrong'];

/** What must be found in the interviews' own collections and objects, and nowhere else. */
export function secretWords(interviews: readonly SeededInterview[]): string[] {
  return [...interviews.flatMap(({ id, media }) => [id, ...media.map(({ key }) => key)]), ...SAID];
}

import { isSubjectName } from '../contract/subject-name.js';
import { isOfTestDay, type TestDay } from './test-day.js';

/** What decides candidacy, before a row is known to be well-formed. */
export interface CandidateFields {
  test_date: unknown;
  subject_name: unknown;
  audio_url: unknown;
  subject_created_at: unknown;
}

/**
 * The candidate rule: the run's test date, the run's subject name (compared as names are: the same Devanagari word is
 * typed in more than one encoding), an audio URL, and a creation date that is a date.
 */
export function isCandidate(fields: CandidateFields, day: TestDay, subjectName: string): boolean {
  return (
    isOfTestDay(fields.test_date, day) &&
    isSubjectName(fields.subject_name, subjectName) &&
    typeof fields.audio_url === 'string' &&
    fields.audio_url.length > 0 &&
    fields.subject_created_at instanceof Date &&
    !Number.isNaN(fields.subject_created_at.getTime())
  );
}

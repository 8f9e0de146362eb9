import type { ReasonCounts } from '../../../contract/reason-counts.js';
import { isNearSubjectName, isSubjectName } from '../contract/subject-name.js';

/** The rows of a date as a source counts them: how many there are of one kind, and the id of one of them. */
export interface CountedRows {
  rows: number;
  mongo_doc_id: string;
  /** `of_date` where the test date is the run's; otherwise why it is not, although it seems meant. */
  test_date: 'of_date' | 'in_another_time_zone' | 'not_understood';
  /** Undefined where it is no text, for which `subject_name_is` has the kind. */
  subject_name: string | undefined;
  subject_name_is: FieldIs;
  audio_url: FieldIs;
  subject_created_at: FieldIs;
}

/** `good` for a text of at least one character, and for a date. */
export type FieldIs = 'good' | 'missing' | 'other';

/** What of a date's rows a run takes and leaves. */
export interface PassedOver {
  /** Rows that the run takes, as far as they can be told without reading them. */
  candidates: number;
  /** Rows that seem meant for the run and are none, by reason. */
  rows_passed_over: ReasonCounts;
  /** One row of each reason. */
  samples: { reason: string; mongo_doc_id: string }[];
}

/** Sorts counted rows into candidates, rows passed over by reason, and other subjects' rows, which are nobody's concern. */
export function sumUp(counted: readonly CountedRows[], subjectName: string): PassedOver {
  const sum: PassedOver = { candidates: 0, rows_passed_over: {}, samples: [] };
  for (const rows of counted) {
    const reason = reasonOf(rows, subjectName);
    if (reason === 'candidate') sum.candidates += rows.rows;
    else if (reason !== 'of another subject') {
      if (!(reason in sum.rows_passed_over)) sum.samples.push({ reason, mongo_doc_id: rows.mongo_doc_id });
      sum.rows_passed_over[reason] = (sum.rows_passed_over[reason] ?? 0) + rows.rows;
    }
  }
  return sum;
}

/** The first rule that a row misses: each row is counted once. */
function reasonOf(row: CountedRows, subjectName: string): string {
  const { subject_name: name, test_date: date } = row;
  if (name === undefined) {
    const isMeant = date === 'of_date' && row.audio_url !== 'missing';
    if (!isMeant) return 'of another subject';
    return row.subject_name_is === 'missing' ? 'subject_name_missing' : 'subject_name_not_text';
  }
  const isName = isSubjectName(name, subjectName);
  if (!isName && !isNearSubjectName(name, subjectName)) return 'of another subject';
  if (date !== 'of_date') return `test_date_${date}`;
  if (!isName) return 'subject_name_near_miss';
  if (row.audio_url !== 'good')
    return row.audio_url === 'missing' ? 'audio_url_missing' : 'audio_url_not_text';
  if (row.subject_created_at === 'good') return 'candidate';
  return row.subject_created_at === 'missing'
    ? 'subject_created_at_missing'
    : 'subject_created_at_not_a_date';
}

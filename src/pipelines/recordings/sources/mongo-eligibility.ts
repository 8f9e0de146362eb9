import type { Collection } from 'mongodb';
import { comparableText, isSubjectName } from '../contract/subject-name.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { idText, idValues } from './mongo-ids.js';
import { SUBJECT_FIELDS } from './mongo-page-pipeline.js';
import { isCandidateSubject, subjectsOf } from './mongo-rows.js';
import type { SourceRowKey } from './source-repository.js';
import { testDay } from './test-day.js';

/** A batch's documents come by `_id`: more than this is a database in trouble, and the batch tries again. */
export const ELIGIBILITY_QUERY_TIMEOUT_MS = 10_000;

/**
 * A row that a lagging member does not have yet, or that a majority has not confirmed yet, would seem to be gone, and its message would be
 * deleted: whatever the connection's own preference, the primary answers with its newest data.
 */
const NEWEST = { readPreference: 'primary', readConcern: 'local' } as const;

/** For each key, whether its row still exists and still is a candidate: one look-up by `_id` for all of them. */
export async function areStillEligible(
  collection: Collection,
  keys: readonly SourceRowKey[],
  timeZone: string,
  signal?: AbortSignal,
): Promise<boolean[]> {
  if (keys.length === 0) return [];
  const ids = [...new Set(keys.map((key) => key.mongo_doc_id))].flatMap(idValues);
  const documents = await onMongo(`look up rows of ${collection.collectionName}`, () =>
    collection
      // The driver's type expects ObjectIds; the source's ids may be strings or numbers.
      .find(
        { _id: { $in: ids as never[] } },
        {
          projection: SUBJECT_FIELDS,
          ...NEWEST,
          maxTimeMS: ELIGIBILITY_QUERY_TIMEOUT_MS,
          ...(signal && { signal }),
        },
      )
      .toArray(),
  );
  const days = [...new Set(keys.map((key) => key.test_date))].map((date) => testDay(date, timeZone));
  const names = [...new Set(keys.map((key) => key.subject_name))];
  const eligible = new Set<string>();
  for (const document of documents) {
    for (const entry of subjectsOf(document)) {
      const name = names.find((asked) => isSubjectName(entry.subject['subject_name'], asked));
      if (name === undefined) continue;
      for (const day of days) {
        if (!isCandidateSubject(entry, day, name)) continue;
        const subjectId = idText(entry.subject['subject_id']);
        eligible.add(rowName(idText(document._id), day.date, entry.recordType, subjectId, name));
      }
    }
  }
  return keys.map((key) =>
    eligible.has(rowName(key.mongo_doc_id, key.test_date, key.record_type, key.subject_id, key.subject_name)),
  );
}

function rowName(
  docId: string | undefined,
  testDate: string,
  recordType: string,
  subjectId: string | undefined,
  subjectName: string,
): string {
  return JSON.stringify([docId, testDate, recordType, subjectId, comparableText(subjectName)]);
}

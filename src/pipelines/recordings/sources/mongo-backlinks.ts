import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { idValues } from './mongo-ids.js';
import { testDateConditions } from './mongo-test-date.js';
import { namePattern } from './name-pattern.js';
import type { Backlink } from './source-repository.js';
import { testDay, type TestDay } from './test-day.js';

/** As for results: large enough to be quick, small enough that a failure repeats little. */
export const BACKLINK_CHUNK_SIZE = 500;

/** Writes `anomaly_result_id` and `anomaly_processed_at` into each row's subject; rows that are gone are passed over. */
export async function writeMongoBacklinks(
  collection: Collection,
  backlinks: readonly Backlink[],
  timeZone: string,
): Promise<void> {
  const patterns = new Map<string, RegExp | undefined>();
  const days = new Map<string, TestDay>();
  for (const { key } of backlinks) {
    if (!patterns.has(key.subject_name)) patterns.set(key.subject_name, namePattern(key.subject_name));
    if (!days.has(key.test_date)) days.set(key.test_date, testDay(key.test_date, timeZone));
  }
  for (let start = 0; start < backlinks.length; start += BACKLINK_CHUNK_SIZE) {
    const operations = backlinks
      .slice(start, start + BACKLINK_CHUNK_SIZE)
      .map((backlink) =>
        backlinkUpdate(backlink, days.get(backlink.key.test_date)!, patterns.get(backlink.key.subject_name)),
      );
    await onMongo(`write backlinks into ${collection.collectionName}`, () =>
      collection.bulkWrite(operations, { ordered: false, writeConcern: { w: 'majority' } }),
    );
  }
}

function backlinkUpdate(
  { key, anomaly_result_id, anomaly_processed_at }: Backlink,
  day: TestDay,
  name: RegExp | undefined,
): AnyBulkWriteOperation {
  const subjectIds = idValues(key.subject_id);
  const subject = `assessments.$[assessment].${key.record_type}.subjects.$[subject]`;
  return {
    updateOne: {
      filter: { _id: { $in: idValues(key.mongo_doc_id) as never[] } },
      update: {
        $set: {
          [`${subject}.anomaly_result_id`]: anomaly_result_id,
          [`${subject}.anomaly_processed_at`]: anomaly_processed_at,
        },
      },
      arrayFilters: [
        {
          $or: testDateConditions(day).map((condition) => ({ 'assessment.test_date': condition })),
          // An assessment of the date without this record has no array to walk, which would be an error.
          [`assessment.${key.record_type}.subjects.subject_id`]: { $in: subjectIds },
        },
        {
          'subject.subject_id': { $in: subjectIds },
          ...(name && { 'subject.subject_name': name }),
        },
      ],
    },
  };
}

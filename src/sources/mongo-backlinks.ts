import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { onMongo } from '../platform/mongo-errors.js';
import { canonicalForms } from './canonical-forms.js';
import { idValues } from './mongo-ids.js';
import { testDateForms } from './mongo-page-pipeline.js';
import type { Backlink } from './source-repository.js';

/** As for results: large enough to be quick, small enough that a failure repeats little. */
export const BACKLINK_CHUNK_SIZE = 500;

/** Writes `anomaly_result_id` and `anomaly_processed_at` into each row's subject; rows that are gone are passed over. */
export async function writeMongoBacklinks(
  collection: Collection,
  backlinks: readonly Backlink[],
): Promise<void> {
  const spellings = new Map<string, string[] | undefined>();
  for (const { key } of backlinks) {
    if (!spellings.has(key.subject_name)) spellings.set(key.subject_name, canonicalForms(key.subject_name));
  }
  for (let start = 0; start < backlinks.length; start += BACKLINK_CHUNK_SIZE) {
    const operations = backlinks
      .slice(start, start + BACKLINK_CHUNK_SIZE)
      .map((backlink) => backlinkUpdate(backlink, spellings.get(backlink.key.subject_name)));
    await onMongo(`write backlinks into ${collection.collectionName}`, () =>
      collection.bulkWrite(operations, { ordered: false, writeConcern: { w: 'majority' } }),
    );
  }
}

function backlinkUpdate(
  { key, anomaly_result_id, anomaly_processed_at }: Backlink,
  names: string[] | undefined,
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
          'assessment.test_date': { $in: testDateForms(key.test_date) },
          // An assessment of the date without this record has no array to walk, which would be an error.
          [`assessment.${key.record_type}.subjects.subject_id`]: { $in: subjectIds },
        },
        {
          'subject.subject_id': { $in: subjectIds },
          ...(names && { 'subject.subject_name': { $in: names } }),
        },
      ],
    },
  };
}

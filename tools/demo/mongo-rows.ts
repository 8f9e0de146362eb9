import { ObjectId, type Collection, type Document } from 'mongodb';
import type { RecordType } from '#vachan/pipelines/recordings/contract/source-row.js';
import type { SeedPlan, PlannedRow } from './seed-plan.js';

/** Documents a round trip; a demo's worth fits in a few. */
const INSERT_CHUNK = 1000;

/** One document a student, as the contract describes them: rows of one document share its assessment. */
export function mongoDocuments(rows: readonly PlannedRow[]): Document[] {
  const documents = new Map<string, PlannedRow[]>();
  for (const row of rows) {
    const sameDocument = documents.get(row.mongo_doc_id);
    if (sameDocument === undefined) documents.set(row.mongo_doc_id, [row]);
    else sameDocument.push(row);
  }
  return [...documents.values()].map((sameDocument) => {
    const [first] = sameDocument;
    const subjects = (type: RecordType): Document[] =>
      sameDocument.filter(({ record_type: recordType }) => recordType === type).map(mongoSubject);
    return {
      _id: new ObjectId(first?.mongo_doc_id),
      student_id: first?.student_id,
      udise: first?.udise,
      assessments: [
        {
          test_date: first?.test_date,
          teacher_record: { subjects: subjects('teacher_record') },
          admin_record: { subjects: subjects('admin_record') },
        },
      ],
    };
  });
}

function mongoSubject(row: PlannedRow): Document {
  return {
    subject_id: row.subject_id,
    subject_name: row.subject_name,
    // A field that is absent, not one that is null.
    ...(row.audio_url === undefined ? {} : { audio_url: row.audio_url }),
    ...(row.subject_created_at === undefined ? {} : { subject_created_at: row.subject_created_at }),
  };
}

/** Writes the planned rows into the source collection. */
export async function insertIntoMongo(collection: Collection, plan: SeedPlan): Promise<void> {
  const documents = mongoDocuments(plan.rows);
  for (let start = 0; start < documents.length; start += INSERT_CHUNK) {
    await collection.insertMany(documents.slice(start, start + INSERT_CHUNK), { ordered: false });
  }
}

/** Takes rows out of the source: their whole documents, since they are alone in them. */
export async function deleteFromMongo(collection: Collection, rows: readonly PlannedRow[]): Promise<void> {
  await collection.deleteMany({
    _id: { $in: rows.map(({ mongo_doc_id: id }) => new ObjectId(id)) },
  });
}

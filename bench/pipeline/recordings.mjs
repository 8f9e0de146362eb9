// The messages of a made-up run and the documents and clips that they name.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const TEST_DATE = '2025-12-20';
const SUBJECT_NAME = 'वाचन';
const MESSAGES_PER_CALL = 10;
const UPLOADS_AT_ONCE = 8;

/** Puts every clip into the bucket. @returns their `s3://` addresses */
export async function uploadClips({ s3 }, bucket, clips) {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const urls = clips.map(({ path }) => `s3://${bucket}/bench/${basename(path)}`);
  for (let from = 0; from < clips.length; from += UPLOADS_AT_ONCE) {
    await Promise.all(
      clips.slice(from, from + UPLOADS_AT_ONCE).map(({ path }) =>
        s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: `bench/${basename(path)}`,
            Body: readFileSync(path),
          }),
        ),
      ),
    );
  }
  return urls;
}

/** Writes source documents, one a recording. @returns their messages, as discovery would send them */
export async function seedSource(collection, records, urls) {
  const { ObjectId } = await import('mongodb');
  const { buildMessage } = await import('#vachan/pipelines/recordings/contract/message.js');
  const at = new Date(`${TEST_DATE}T13:00:00Z`);
  const rows = Array.from({ length: records }, (_, n) => ({
    n,
    id: new ObjectId(),
    url: urls[n % urls.length],
  }));
  await collection.insertMany(
    rows.map(({ n, id, url }) => ({
      _id: id,
      student_id: `student-${id.toHexString()}`,
      udise: String(n % 400),
      assessments: [
        {
          test_date: TEST_DATE,
          teacher_record: {
            subjects: [
              { subject_id: 'reading', subject_name: SUBJECT_NAME, audio_url: url, subject_created_at: at },
            ],
          },
          admin_record: { subjects: [] },
        },
      ],
    })),
  );
  return rows.map(({ n, id, url }) =>
    JSON.stringify(
      buildMessage(
        {
          source_collection: collection.collectionName,
          mongo_doc_id: id.toHexString(),
          test_date: TEST_DATE,
          record_type: 'teacher_record',
          subject_id: 'reading',
          subject_name: SUBJECT_NAME,
          audio_s3_url: url,
          source_updated_at: at.toISOString(),
          subject_created_at: at.toISOString(),
          student_id: `student-${id.toHexString()}`,
          udise: String(n % 400),
        },
        `bench-${n}`,
        at,
      ),
    ),
  );
}

export async function sendMessages({ sqs }, queueUrl, bodies) {
  const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs');
  for (let from = 0; from < bodies.length; from += MESSAGES_PER_CALL) {
    const entries = bodies.slice(from, from + MESSAGES_PER_CALL);
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
  }
}

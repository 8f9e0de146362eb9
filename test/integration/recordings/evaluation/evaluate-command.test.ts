import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { MongoClient } from 'mongodb';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { freshBucket, freshDatabase, freshFolder, freshName, s3Client } from '../../embedded-stack.js';
import { aScoredResult, COLLECTION, resultId, TEST_DATE } from './judged-results.js';

const { uri, database } = freshDatabase();
const s3 = s3Client();
let mongo: MongoClient;

beforeAll(async () => {
  mongo = await MongoClient.connect(uri);
});
afterAll(async () => {
  s3.destroy();
  await mongo.close();
});

const sample = (name: string): string => join(projectRoot(), 'samples', name);

test('labels of files beside the CSV and of objects in S3 are scored, and the curve is drawn', async () => {
  const folder = freshFolder();
  const bucket = await freshBucket();
  copyFileSync(sample('mr-story-2.mp3'), join(folder, 'mr-story-2.mp3'));
  for (const name of ['hi-story-3.3gp', 'hum.ogg']) {
    const Body = readFileSync(sample(name));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `clips/${name}`, Body }));
  }
  const labels = join(folder, 'labels.csv');
  const rows = [
    ['mr-story-2.mp3', 'good', ''],
    [`s3://${bucket}/clips/hi-story-3.3gp`, 'normal', ''],
    [`s3://${bucket}/clips/hum.ogg`, 'anomalous', 'hum'],
    [`s3://${bucket}/clips/gone.ogg`, 'anomalous', 'hum'],
  ];
  writeFileSync(labels, `file,label,kind\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  const svg = join(folder, 'roc.svg');
  const { code, stdout } = await vachan(['evaluate', labels, '--json', '--svg', svg], {
    SCRATCH_PATH: join(folder, 'scratch'),
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    model: { name: 'reading-audio' },
    normal: 2,
    anomalous: 1,
    area_under_curve: { value: 1, high: 1 },
    recall_by_kind: [{ kind: 'hum', found: 1, of: 1 }],
    unread: [{ line: 5, recording: `s3://${bucket}/clips/gone.ogg`, error: expect.stringMatching(/^AudioNotFound/) as string }],
  }); // prettier-ignore
  expect(readFileSync(svg, 'utf8')).toContain('<polyline');
});

test("verdicts are joined with what the date's results say, and with nothing else of them", async () => {
  const results = freshName('results');
  const stored = mongo.db(database).collection<ResultDocument>(results);
  await stored.insertMany([
    ...Array.from({ length: 100 }, (_, index) => aScoredResult(index, (index + 1) / 90)),
    aScoredResult(500, 2, { model_version: '0.2.0' }),
  ]);
  const folder = freshFolder();
  const verdicts = join(folder, 'verdicts.csv');
  const rows = [
    ...[99, 98, 97].map((index) => [resultId(index), index === 97 ? 'normal' : 'anomalous', 'top']),
    ...[3, 20, 60].map((index) => [resultId(index), 'normal', 'random']),
    [resultId(500), 'anomalous', 'top'],
  ];
  writeFileSync(
    verdicts,
    `result_document_id,verdict,sample\n${rows.map((row) => row.join(',')).join('\n')}\n`,
  );
  const environment = {
    MONGO_URI: uri,
    MONGO_DB_NAME: database,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    MONGO_SOURCE_COLLECTION: COLLECTION,
    MONGO_RESULT_COLLECTION: results,
  };
  const args = ['evaluate', '--test-date', TEST_DATE, '--verdicts', verdicts];
  const { code, stdout, stderr } = await vachan([...args, '--json'], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    model: { name: 'reading-audio', version: '0.3.0', threshold: 1 },
    left_out: { unsure: 0, open: 0, not_found: 0, other_model: 1 },
    normal: 4,
    anomalous: 2,
    mistakes: { false_alarms: [{ recording: resultId(97), reasons: ['clearly quieter'] }], misses: [] },
    // 10 of 100 are flagged, of which a third is wrong; of the others none is missed.
    whole_date: { false_alarms: { value: expect.closeTo(1 / 28, 9) as number }, recall: { value: 1 } },
  });
  const shown = await vachan(args, environment);
  expect(`${shown.stdout}${shown.stderr}`).not.toMatch(/student-|document-|child-|27010100101/);
});

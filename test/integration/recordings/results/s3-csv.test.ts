import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse/sync';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { createCsvDestination } from '../../../../src/pipelines/recordings/results/csv/create-csv-destination.js';
import { csvRows } from '../../../unit/recordings/results/deliveries.js';
import { freshBucket, s3Client } from '../../embedded-stack.js';

let client: S3Client;
beforeAll(() => {
  client = s3Client();
});
afterAll(() => client.destroy());

test('a batch is one object with a header, and a retry does not double it', async () => {
  const bucket = await freshBucket();
  const csv = createCsvDestination(`s3://${bucket}/results/`, () => client);
  await csv.ping();
  expect(await csv.append('batch-1', csvRows(3))).toEqual({ written: 3, repeated: 0 });
  expect(await csv.append('batch-1', csvRows(4))).toEqual({ written: 1, repeated: 3 });
  await csv.append('batch-2', csvRows(2, 'other'));
  const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(listed.Contents?.map((object) => object.Key)).toEqual([
    'results/batch-1.csv',
    'results/batch-2.csv',
  ]);
  const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'results/batch-1.csv' }));
  const rows = parse<{ message_id: string }>((await object.Body?.transformToString()) ?? '', {
    columns: true,
  });
  expect(rows.map((row) => row.message_id)).toEqual(['message-0', 'message-1', 'message-2', 'message-3']);
});

test('rows of a put that failed are written by the retry', async () => {
  const csv = createCsvDestination('s3://no-such-bucket-at-all', () => client);
  await expect(csv.append('batch', csvRows(1))).rejects.toThrow(DependencyUnavailable);
  await expect(csv.append('batch', csvRows(1))).rejects.toThrow(DependencyUnavailable);
  await expect(csv.ping()).rejects.toThrow(/no-such-bucket-at-all/);
});

import { PutObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { Client } from 'pg';
import { queueDepth } from '../../../../tools/demo/world.js';
import { PIPELINES, searchAttributesOf } from '../../../../src/pipelines/index.js';
import {
  embeddedStack,
  freshBucket,
  freshDatabase,
  freshPostgresTable,
  freshQueue,
  s3Client,
  sqsClient,
  temporalEndpoints,
} from '../../embedded-stack.js';
import { until } from '../../../until.js';

describe('the embedded stack', () => {
  test('gives an environment that names every part', () => {
    const { env } = embeddedStack();
    for (const name of [
      'TEMPORAL_ADDRESS',
      'AWS_ENDPOINT_URL',
      'SQS_QUEUE_URL',
      'MONGO_URI',
      'POSTGRES_DSN',
    ]) {
      expect(env[name]).toMatch(/127\.0\.0\.1:\d+/);
    }
  });

  test('has a Temporal server that knows the search attributes, and its Web UI', async () => {
    const { address, namespace, uiUrl } = temporalEndpoints();
    const connection = await Connection.connect({ address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    await connection.close();
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(searchAttributesOf(PIPELINES)));
    expect((await fetch(uiUrl ?? '')).status).toBe(200);
  });

  test('moves a message to the dead-letter queue once it was received too often', async () => {
    const { queueUrl, deadLetterQueueUrl } = await freshQueue({
      visibilityTimeoutSeconds: 0,
      maxReceiveCount: 2,
    });
    const sqs = sqsClient();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'poison' }));
    const receive = async (url: string): Promise<string[]> => {
      const { Messages: messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
      return (messages ?? []).map(({ Body: body }) => body ?? '');
    };
    expect(await receive(queueUrl)).toEqual(['poison']);
    expect(await receive(queueUrl)).toEqual(['poison']);
    expect(await receive(queueUrl)).toEqual([]);
    expect(await receive(deadLetterQueueUrl)).toEqual(['poison']);
    sqs.destroy();
  });

  test('counts a message as waiting again once its visibility has run out, though nobody receives', async () => {
    const { queueUrl } = await freshQueue({ visibilityTimeoutSeconds: 1 });
    const sqs = sqsClient();
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'later' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(await queueDepth(sqs, queueUrl)).toEqual({ visible: 0, in_flight: 1, delayed: 0 });
    // Bounded by the test's own timeout.
    await until(async () => (await queueDepth(sqs, queueUrl)).visible > 0);
    expect(await queueDepth(sqs, queueUrl)).toEqual({ visible: 1, in_flight: 0, delayed: 0 });
    sqs.destroy();
  });

  test('serves ranges of objects', async () => {
    const bucket = await freshBucket();
    const s3 = s3Client();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a/b.wav', Body: 'recording' }));
    const { Body: body } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: 'a/b.wav', Range: 'bytes=2-4' }),
    );
    expect(await body?.transformToString()).toBe('cor');
    s3.destroy();
  });

  test('gives each test databases of its own', async () => {
    const first = freshDatabase();
    const client = await MongoClient.connect(first.uri);
    await client.db(first.database).collection<{ _id: string }>('rows').insertOne({ _id: 'one' });
    expect(await client.db(freshDatabase().database).collection('rows').countDocuments()).toBe(0);
    expect(await client.db(first.database).collection('rows').countDocuments()).toBe(1);
    await client.close();

    const { dsn, schema, table } = await freshPostgresTable();
    const postgres = new Client({ connectionString: dsn });
    await postgres.connect();
    const { rows } = await postgres.query<{ n: string }>(`SELECT count(*) AS n FROM "${schema}"."${table}"`);
    expect(rows[0]?.n).toBe('0');
    await postgres.end();
  });
});

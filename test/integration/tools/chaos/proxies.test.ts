import { MongoBulkWriteError, MongoClient } from 'mongodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openAwsProxy, type AwsProxy } from '../../../../tools/chaos/recordings/aws-proxy.js';
import { openMongoProxy, type MongoProxy } from '../../../../tools/chaos/recordings/mongo-proxy.js';
import { randomFrom } from '../../../../tools/chaos/random.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { embeddedStack, freshName, freshQueue } from '../../embedded-stack.js';

const random = randomFrom(7);

describe('the way to MongoDB that refuses writes', () => {
  let proxy: MongoProxy;
  let client: MongoClient;
  const direct = new MongoClient(embeddedStack().endpoints.mongo.uri);
  const name = freshName('db');
  beforeAll(async () => {
    const port = Number(new URL(embeddedStack().endpoints.mongo.uri).port);
    proxy = await openMongoProxy(() => port);
    client = new MongoClient(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`);
  });
  afterAll(async () => {
    await client.close();
    await direct.close();
    await proxy.close();
  });

  const upserts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      updateOne: { filter: { _id: index as never }, update: { $set: { index } }, upsert: true },
    }));

  test('fails some statements of an unordered bulk, names the right ones, and carries out the others', async () => {
    proxy.trouble = { kind: 'half_bulk', random };
    const error: unknown = await client
      .db(name)
      .collection('half')
      .bulkWrite(upserts(40), { ordered: false })
      .catch((caught: unknown) => caught);
    proxy.trouble = undefined;
    expect(error).toBeInstanceOf(MongoBulkWriteError);
    const refused = new Set([(error as MongoBulkWriteError).writeErrors].flat().map(({ index }) => index));
    const there = await direct.db(name).collection('half').find().toArray();
    expect(refused.size).toBeGreaterThan(0);
    expect(there.map(({ index }) => Number(index)).sort((a, b) => a - b)).toEqual(
      [...Array(40).keys()].filter((index) => !refused.has(index)),
    );
  });

  test('refuses whole commands, and passes them again when told to', async () => {
    const writes = client.db(name).collection('all', { writeConcern: { w: 1 } });
    proxy.trouble = { kind: 'refuses_writes', random };
    await expect(writes.bulkWrite(upserts(3))).rejects.toThrow();
    proxy.trouble = undefined;
    await writes.bulkWrite(upserts(3));
    expect(await writes.countDocuments()).toBe(3);
  });
});

describe('the way to SQS and S3 that answers wrongly', () => {
  const stack = embeddedStack().endpoints.aws;
  let proxy: AwsProxy;
  let sqs: SQSClient;
  let s3: S3Client;
  beforeAll(async () => {
    proxy = await openAwsProxy(Number(new URL(stack.endpointUrl).port));
    const options = awsClientOptions({ ...stack, endpointUrl: `http://127.0.0.1:${proxy.port}` });
    sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    s3 = new S3Client({ ...options, forcePathStyle: true, maxAttempts: 1 });
  });
  afterAll(async () => {
    sqs.destroy();
    s3.destroy();
    await proxy.close();
  });

  test('half-failed batch sends lose nothing: a queue sends what failed again', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client: sqs, url: queueUrl });
    const bodies = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    proxy.sqs = { kind: 'half_failed', random };
    const { failed } = await queue.send(bodies.map((body) => ({ body, deduplicationId: body })));
    proxy.sqs = undefined;
    const refused = new Set(failed.map(({ index }) => bodies[index]));
    const { visible } = await queue.depth();
    expect(visible).toBeGreaterThanOrEqual(50 - refused.size);
    const arrived = await queue.receive({
      maxMessages: visible,
      maxWaitSeconds: 3,
      visibilityTimeoutSeconds: 30,
    });
    const there = new Set(arrived.map(({ body }) => body));
    expect(bodies.filter((body) => !there.has(body) && !refused.has(body))).toEqual([]);
  });

  test('at its cap SQS gives out nothing, without an error', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client: sqs, url: queueUrl });
    await queue.send([{ body: 'waits', deduplicationId: 'waits' }]);
    const receive = () => queue.receive({ maxMessages: 1, maxWaitSeconds: 1, visibilityTimeoutSeconds: 30 });
    proxy.sqs = { kind: 'at_cap', random };
    expect(await receive()).toEqual([]);
    proxy.sqs = undefined;
    expect(await receive()).toHaveLength(1);
  });

  test('S3 asks to slow down, breaks off, or hands out nothing', async () => {
    const object = { Bucket: stack.bucket, Key: freshName('object') };
    await s3.send(new PutObjectCommand({ ...object, Body: Buffer.alloc(1000, 1) }));
    const read = async () => {
      const answer = await s3.send(new GetObjectCommand(object));
      return (await answer.Body?.transformToByteArray())?.length;
    };
    const always = { ...random, next: () => 0 };
    expect(await read()).toBe(1000);
    proxy.s3 = { kind: 'slow_down', random: always };
    await expect(read()).rejects.toThrow(/reduce your request rate/);
    proxy.s3 = { kind: 'truncated', random: always };
    await expect(read()).rejects.toThrow();
    proxy.s3 = { kind: 'empty', random: always };
    expect(await read()).toBe(0);
    proxy.s3 = undefined;
    expect(await read()).toBe(1000);
  });
});

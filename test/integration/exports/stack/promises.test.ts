import { BatchGetItemCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { awsClientOptions } from '#tools/stack/aws.js';
import { exportsEndpoints, freshName } from '../../embedded-stack.js';

const { store, bucket, table } = exportsEndpoints();
const s3 = new S3Client({ ...awsClientOptions(store), forcePathStyle: true });
const dynamo = new DynamoDBClient(awsClientOptions(store));
const at = { Bucket: bucket };
afterAll(() => {
  s3.destroy();
  dynamo.destroy();
});

// Of "hello": what the service rests on (export.md, Stand-ins) is held against the server that tests run on.
const CRC32_OF_HELLO = 'NhCmhg==';

describe('S3', () => {
  it('creates an object once where it must not exist', async () => {
    const put = { ...at, Key: freshName('once'), Body: 'a', IfNoneMatch: '*' };
    await s3.send(new PutObjectCommand(put));
    await expect(s3.send(new PutObjectCommand({ ...put, Body: 'b' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('replaces an object only while it is the one that was seen', async () => {
    const Key = freshName('if-match');
    const { ETag } = await s3.send(new PutObjectCommand({ ...at, Key, Body: 'a' }));
    await s3.send(new PutObjectCommand({ ...at, Key, Body: 'b', IfMatch: ETag }));
    await expect(
      s3.send(new PutObjectCommand({ ...at, Key, Body: 'c', IfMatch: ETag })),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('refuses content that does not fit its checksum, and keeps the checksum', async () => {
    const Key = freshName('checksum');
    const wrong = new PutObjectCommand({ ...at, Key, Body: 'hallo', ChecksumCRC32: CRC32_OF_HELLO });
    await expect(s3.send(wrong)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    await s3.send(new PutObjectCommand({ ...at, Key, Body: 'hello', ChecksumCRC32: CRC32_OF_HELLO }));
    const head = await s3.send(new HeadObjectCommand({ ...at, Key, ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC32).toBe(CRC32_OF_HELLO);
  });

  it('lists uploads and their parts, and completes one only where no object is', async () => {
    const Key = freshName('parts');
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...at, Key, Metadata: { 'vachan-entry': 'default/e/0/0' } }),
    );
    const part = { ...at, Key, UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'hello' }));
    const { Parts } = await s3.send(new ListPartsCommand({ ...at, Key, UploadId }));
    expect(Parts).toMatchObject([{ PartNumber: 1, Size: 5, ETag }]);
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ ...at, Prefix: Key }));
    expect(Uploads).toMatchObject([{ Key, UploadId }]);

    await s3.send(new PutObjectCommand({ ...at, Key, Body: 'first' }));
    const complete = {
      ...{ ...at, Key, UploadId, IfNoneMatch: '*' },
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    };
    await expect(s3.send(new CompleteMultipartUploadCommand(complete))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    const { Body } = await s3.send(new GetObjectCommand({ ...at, Key }));
    expect(await Body?.transformToString()).toBe('first');
  });

  it('keeps names as they are, and lists them', async () => {
    const prefix = freshName('names');
    const keys = ['a b', 'a+b', 'a%2Fb', 'ä', '日本', "it's", 'a//b'].map((name) => `${prefix}/${name}`);
    for (const Key of keys) await s3.send(new PutObjectCommand({ ...at, Key, Body: 'x' }));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ ...at, Prefix: `${prefix}/` }));
    expect(Contents.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
  });
});

describe('DynamoDB', () => {
  it('gives the rows of an export by name and by page, and none of another', async () => {
    const pk = { S: `EXPORT#default#${freshName()}` };
    for (const name of ['a', 'b', 'c'])
      await dynamo.send(
        new PutItemCommand({ TableName: table, Item: { pk, sk: { S: name }, size: { N: '5' } } }),
      );
    const { Responses } = await dynamo.send(
      new BatchGetItemCommand({
        RequestItems: {
          [table]: { Keys: ['a', 'none'].map((name) => ({ pk, sk: { S: name } })), ConsistentRead: true },
        },
      }),
    );
    expect(Responses?.[table]).toMatchObject([{ sk: { S: 'a' }, size: { N: '5' } }]);
    const query = {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    };
    const first = await dynamo.send(new QueryCommand({ ...query, Limit: 2 }));
    const rest = await dynamo.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));
    expect([first.Items?.length, rest.Items?.length]).toEqual([2, 1]);
  });

  it('refuses more than a hundred keys at once', async () => {
    const Keys = Array.from({ length: 101 }, (_, index) => ({ pk: { S: 'x' }, sk: { S: String(index) } }));
    await expect(
      dynamo.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

import { readApiCall, readAwsCall } from '../../../../../tools/chaos/exports/aws-call.js';

const s3 = (method: string, url: string) => readAwsCall({ method, url, headers: {}, body: Buffer.alloc(0) });

test.each([
  ['PUT', '/bucket/out/a%20b.txt?x-id=PutObject', 'put', 'out/a b.txt', undefined],
  ['PUT', '/bucket/out/a?partNumber=2&uploadId=u', 'put_part', 'out/a', 2],
  ['POST', '/bucket/out/a?uploads=', 'create_upload', 'out/a', undefined],
  ['POST', '/bucket/out/a?uploadId=u', 'complete', 'out/a', undefined],
  ['DELETE', '/bucket/out/a?uploadId=u', 'abort', 'out/a', undefined],
  ['GET', '/bucket/?list-type=2&prefix=out', 'list', '', undefined],
  ['GET', '/bucket/out/a?x-id=GetObject', 'get', 'out/a', undefined],
  ['HEAD', '/bucket/out/a', 'head', 'out/a', undefined],
] as const)('%s %s is read as %s', (method, url, action, key, part) => {
  expect(s3(method, url)).toEqual({ service: 's3', action, key, part });
});

test('a batch call of SQS tells its queue and how many entries it has', () => {
  const body = Buffer.from(JSON.stringify({ QueueUrl: 'http://q/0/tasks', Entries: [{}, {}] }));
  const headers = { 'x-amz-target': 'AmazonSQS.SendMessageBatch' };
  expect(readAwsCall({ method: 'POST', url: '/', headers, body })).toEqual({
    ...{ service: 'sqs', action: 'SendMessageBatch', queueUrl: 'http://q/0/tasks', entries: 2 },
  });
});

test('a call of DynamoDB is told from one of SQS', () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.BatchGetItem' };
  const call = readAwsCall({ method: 'POST', url: '/', headers, body: Buffer.from('{}') });
  expect(call).toEqual({ service: 'dynamodb', action: 'BatchGetItem' });
});

test.each([
  ['/v1/exports/some%2Fid', 'status'],
  ['/v1/exports/some%2Fid/files?limit=10', 'files'],
  ['/v1/exports/some%2Fid/files/one', 'file'],
  ['/downloads/eA/eQ?expires=1', 'download'],
])('%s of an Export API is read as %s', (url, action) => {
  expect(readApiCall({ method: 'GET', url, headers: {}, body: Buffer.alloc(0) })).toEqual({
    service: 'api',
    action,
  });
});

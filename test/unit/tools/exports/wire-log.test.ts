import { WireLog, type SeenEvent } from '#tools/exports/wire-log.js';

const EMPTY = Buffer.alloc(0);
const OK = { status: 200, body: EMPTY };

function eventsOf(...seen: Parameters<WireLog['see']>[]): SeenEvent[] {
  const log = new WireLog();
  for (const [request, answer] of seen) log.see(request, answer);
  return log.events;
}

const s3 = (
  method: string,
  url: string,
  headers: Record<string, string> = {},
): Parameters<WireLog['see']>[0] => ({ method, url, headers, body: EMPTY });

const sqs = (action: string, body: object): Parameters<WireLog['see']>[0] => ({
  ...{ method: 'POST', url: '/', headers: { 'x-amz-target': `AmazonSQS.${action}` } },
  body: Buffer.from(JSON.stringify(body)),
});

const stored = (key: string): SeenEvent => ({ write: { bucket: 'b', key, stored: true } });

it('sees objects that are put, and completed, by their keys', () => {
  expect(
    eventsOf([s3('PUT', '/b/a/%C3%BC%20x?x-id=PutObject'), OK], [s3('POST', '/b/a/y?uploadId=1'), OK]),
  ).toEqual([stored('a/ü x'), stored('a/y')]);
});

it('counts an upload once, however often its Complete is answered, and another of its key for itself', () => {
  const complete = (upload: string): Parameters<WireLog['see']> => [
    s3('POST', `/b/k?uploadId=${upload}`),
    OK,
  ];
  expect(eventsOf(complete('1'), complete('1'))).toEqual([stored('k')]);
  expect(eventsOf(complete('1'), complete('2'))).toEqual([stored('k'), stored('k')]);
});

it('passes over what is refused, and a Complete that failed with 200', () => {
  const failed = {
    status: 200,
    body: Buffer.from('<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>'),
  };
  expect(
    eventsOf([s3('PUT', '/b/k'), { status: 412, body: EMPTY }], [s3('POST', '/b/k?uploadId=1'), failed]),
  ).toEqual([]);
});

it.each([
  ['a part', s3('PUT', '/b/k?partNumber=1&uploadId=1')],
  ['a copy', s3('PUT', '/b/k', { 'x-amz-copy-source': 'b/j' })],
  ['a bucket', s3('PUT', '/b')],
  ['tags', s3('PUT', '/b/k?tagging')],
  ['an upload that begins', s3('POST', '/b/k?uploads')],
  ['an object that is read', s3('GET', '/b/k')],
])('passes over %s', (_, request) => {
  expect(eventsOf([request, OK])).toEqual([]);
});

it('says that nobody knows what became of a write without an answer', () => {
  expect(eventsOf([s3('PUT', '/b/k'), undefined])).toEqual([
    { write: { bucket: 'b', key: 'k', stored: undefined } },
  ]);
});

it('knows a deleted message by its receipt, one at a time or several', () => {
  const received = { Messages: ['1', '2', '3'].map((n) => ({ ReceiptHandle: n, Body: `body ${n}` })) };
  expect(
    eventsOf(
      [sqs('ReceiveMessage', {}), { status: 200, body: Buffer.from(JSON.stringify(received)) }],
      [sqs('DeleteMessage', { ReceiptHandle: '2' }), OK],
      [sqs('DeleteMessageBatch', { Entries: [{ ReceiptHandle: '1' }, { ReceiptHandle: 'other' }] }), OK],
    ),
  ).toEqual([{ deleted: 'body 2' }, { deleted: 'body 1' }]);
});

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { withDirectCalls } from '../../../../src/queue/direct-calls.js';
import type { SqsSender } from '../../../../src/queue/sqs-calls.js';
import { createSqsClient } from '../../../../src/queue/sqs-client.js';

interface Asked {
  head: IncomingMessage['headers'];
  url: string | undefined;
  body: string;
}
/** Sends the answer of one call, or breaks the connection. */
type Answer = { status?: number; json: unknown } | 'broken';

let server: Server;
let client: SQSClient;
let direct: SqsSender;
let asked: Asked[];
let answer: (call: Asked, index: number) => Answer;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ head: request.headers, url: request.url, body });
      const given = answer(asked.at(-1)!, asked.length - 1);
      if (given === 'broken') request.socket.destroy();
      else {
        response.writeHead(given.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(typeof given.json === 'string' ? given.json : JSON.stringify(given.json));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  jest.replaceProperty(process, 'env', {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  client = createSqsClient({ region: 'ap-south-1', endpoint });
  direct = withDirectCalls(client);
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  jest.restoreAllMocks();
});

const QueueUrl = 'https://sqs.ap-south-1.amazonaws.com/123456789012/recordings';
const receive = (): ReceiveMessageCommand =>
  new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 20,
    VisibilityTimeout: 300,
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    MessageAttributeNames: ['All'],
  });
const remove = (): DeleteMessageBatchCommand =>
  new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', ReceiptHandle: 'r-वाचन' }] });

const md5 = (body: string): string => createHash('md5').update(body).digest('hex');
const message = (Body: string, MD5OfBody = md5(Body)): object => ({
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Body,
  MD5OfBody,
  Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1764547200000' },
  MessageAttributes: {
    traceparent: { DataType: 'String', StringValue: '00-1' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]).toString('base64') },
  },
});
/** Without what only the client adds. */
const plain = ({ $metadata: _, ...output }: Record<string, unknown>): unknown =>
  JSON.parse(
    JSON.stringify(output, (_name, value: unknown) => (value instanceof Uint8Array ? [...value] : value)),
  );

test.each([
  ['what it receives', receive, { Messages: [message('{"n":1}'), message('वाचन')] }],
  ['nothing', receive, {}],
  [
    'which entries are refused',
    remove,
    {
      Successful: [],
      Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true, Message: 'no' }],
    },
  ],
])(
  'the second call is the one that the client would make, and says the same: %s',
  async (_, command, json) => {
    answer = () => ({ json });
    const ofClient = await direct.send(command() as ReceiveMessageCommand);
    const ofDirect = await direct.send(command() as ReceiveMessageCommand);
    expect(Object.keys(ofDirect)).not.toContain('$metadata');
    expect(plain({ ...ofDirect })).toEqual(plain({ ...ofClient }));
    const [first, second] = asked;
    expect(JSON.parse(second!.body)).toEqual(JSON.parse(first!.body));
    expect(second!.url).toBe(first!.url);
    const stable = ({ head }: Asked): object =>
      Object.fromEntries(
        Object.entries(head).filter(
          ([name]) => !/^(amz-sdk-|authorization|x-amz-date|x-amz-content-sha256|connection)/.test(name),
        ),
      );
    expect(stable(second!)).toEqual(stable(first!));
  },
);

test('requests are signed as the client signs them', async () => {
  answer = () => ({ json: {} });
  await direct.send(receive());
  await direct.send(receive());
  const { head, body, url } = asked[1]!;
  const signed = /SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/.exec(head.authorization ?? '')!;
  const names = signed[1]!.split(';');
  expect(names).toEqual(
    expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']),
  );
  const again = await client.config.signer({} as never).then((signer) =>
    signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: url!,
        query: {},
        body,
        headers: Object.fromEntries(
          names.filter((name) => name !== 'x-amz-security-token').map((name) => [name, head[name] as string]),
        ),
      },
      { signingDate: dateOf(head['x-amz-date'] as string) },
    ),
  );
  expect(again.headers['authorization']).toContain(`Signature=${signed[2]!}`);
});

function dateOf(amz: string): Date {
  return new Date(amz.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

test('a body that is not what SQS says of it is refused in the words of the client', async () => {
  answer = (_call, index) => ({
    json: { Messages: [message('{"n":1}', index === 0 ? undefined : md5('other'))] },
  });
  await direct.send(receive());
  await expect(direct.send(receive())).rejects.toThrow('Invalid MD5 checksum on messages: m-1');
  answer = () => ({ json: { Messages: [message('{"n":1}', md5('other'))] } });
  await expect(client.send(receive())).rejects.toThrow('Invalid MD5 checksum on messages: m-1');
});

test.each<[string, Answer]>([
  ['throttles', { status: 400, json: { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'slower' } }],
  ['fails', { status: 503, json: {} }],
  ['breaks off', 'broken'],
  ['answers with a page', { json: '<html>' }],
])('where SQS %s the client asks itself, and the next call goes its way again', async (_, once) => {
  const done = { Successful: [{ Id: '0' }], Failed: [] };
  answer = (_call, index) => (index === 1 ? once : { json: done });
  for (let call = 0; call < 3; call++) {
    await expect(direct.send(remove())).resolves.toMatchObject(done);
  }
  const byClient = asked.map(({ head }) => head['amz-sdk-invocation-id'] !== undefined);
  expect(byClient).toEqual([true, false, true, false]);
});

test('what SQS refuses for good is the error that the client throws', async () => {
  answer = (_call, index) =>
    index === 0
      ? { json: {} }
      : { status: 400, json: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no such queue' } };
  await direct.send(receive());
  await expect(direct.send(receive())).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a call that is aborted ends with the reason, and is not made again', async () => {
  const abort = new AbortController();
  answer = (_call, index) => {
    if (index === 1) abort.abort(new Error('stop'));
    return { json: {} };
  };
  await direct.send(receive());
  await expect(direct.send(receive(), { abortSignal: abort.signal })).rejects.toThrow('stop');
  expect(asked).toHaveLength(2);
});

test('other calls are the client’s', async () => {
  answer = () => ({ json: { Attributes: { QueueArn: 'arn' } } });
  for (let call = 0; call < 2; call++) {
    await direct.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  }
  expect(asked.every(({ head }) => head['amz-sdk-invocation-id'] !== undefined)).toBe(true);
});

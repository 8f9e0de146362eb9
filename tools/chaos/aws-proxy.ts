import { once } from 'node:events';
import { Agent, createServer, request, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from './random.js';
import { troubleSqs } from './sqs-trouble.js';

/** What goes wrong with S3 for now: some GETs, picked by `random`, are answered so. */
export interface S3Trouble {
  kind: 'slow_down' | 'truncated' | 'empty';
  random: Random;
}

/** What goes wrong with SQS for now. */
export interface SqsTrouble {
  kind: 'half_failed' | 'at_cap' | 'reordered';
  random: Random;
}

/** A way to SQS and S3 that understands what passes, and answers wrongly when told to. */
export interface AwsProxy {
  readonly port: number;
  s3: S3Trouble | undefined;
  sqs: SqsTrouble | undefined;
  close(): Promise<void>;
}

/** An HTTP answer, whole. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The share of GETs that fail: enough attempts of one download do, that some fail for good. */
const S3_SHARE = 0.8;

/** Opens the proxy to the server on this port of loopback. */
export async function openAwsProxy(targetPort: number): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, answerTo) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => undefined);
    answerTo.on('error', () => undefined);
    incoming.on('end', () => {
      const target = incoming.headers['x-amz-target'];
      const forward = (body: Buffer): Promise<Answer> =>
        ask(
          { agent, port: targetPort, method: incoming.method, path: incoming.url, headers: incoming.headers },
          body,
          answerTo,
        );
      const handled =
        typeof target === 'string'
          ? troubleSqs(proxy.sqs, target, Buffer.concat(chunks), forward)
          : troubleS3(proxy.s3, incoming.method ?? 'GET', Buffer.concat(chunks), forward);
      handled.then(
        (answer) => reply(answerTo, answer),
        () => answerTo.destroy(),
      );
    });
  });
  // A client may use a connection again at the very moment at which an idle one is closed: that would be our fault.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: AwsProxy = {
    port: (server.address() as AddressInfo).port,
    s3: undefined,
    sqs: undefined,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
  return proxy;
}

/** `cut` answers promise the whole body and break off in the middle; undefined ones never come. */
export type Reply = Answer | { cut: Answer } | undefined;

async function troubleS3(
  trouble: S3Trouble | undefined,
  method: string,
  body: Buffer,
  forward: (body: Buffer) => Promise<Answer>,
): Promise<Reply> {
  if (trouble === undefined || method !== 'GET' || trouble.random.next() > S3_SHARE) return forward(body);
  if (trouble.kind === 'slow_down') {
    const text =
      '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
    return { status: 503, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) };
  }
  const answer = await forward(body);
  if (answer.status >= 300) return answer;
  return trouble.kind === 'truncated' ? { cut: answer } : { ...answer, body: Buffer.alloc(0) };
}

function reply(to: ServerResponse, answer: Reply): void {
  if (answer === undefined) {
    to.destroy();
    return;
  }
  const { status, headers, body } = 'cut' in answer ? answer.cut : answer;
  const { connection: _, 'transfer-encoding': __, 'x-amz-crc32': ___, ...kept } = headers;
  to.writeHead(status, { ...kept, 'content-length': body.length });
  if ('cut' in answer) to.write(body.subarray(0, Math.floor(body.length / 2)), () => to.destroy());
  else to.end(body);
}

async function ask(
  options: {
    agent: Agent;
    port: number;
    method?: string | undefined;
    path?: string | undefined;
    headers: IncomingHttpHeaders;
  },
  body: Buffer,
  until: ServerResponse,
): Promise<Answer> {
  const { 'transfer-encoding': _, ...headers } = options.headers;
  const asked = request({
    ...{ agent: options.agent, host: '127.0.0.1', port: options.port },
    ...{ method: options.method ?? 'GET', path: options.path ?? '/' },
    headers: { ...headers, 'content-length': body.length },
  });
  // Who hangs up on a long poll must not receive from it any more.
  const hangUp = (): void => void asked.destroy();
  until.once('close', hangUp);
  asked.end(body);
  try {
    const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) };
  } finally {
    until.off('close', hangUp);
    asked.on('error', () => undefined);
  }
}

import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a proxy has received, whole. */
export interface SeenRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An HTTP answer, whole. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `cut` answers promise the whole body and break off in the middle; undefined ones never come. */
export type Reply = Answer | { cut: Answer } | undefined;

/** Asks the server, with this body in place of the request's. Rejects when no answer comes. */
export type Forward = (body?: Buffer) => Promise<Answer>;

export interface HttpProxyOptions {
  /** Where on loopback a request goes. */
  portOf: (request: SeenRequest) => number;
  /** What is answered. @default what the server says */
  handle?: (request: SeenRequest, forward: Forward) => Promise<Reply>;
  /** Requests that are carried out although their client has hung up meanwhile. @default none */
  outlivesClient?: (request: SeenRequest) => boolean;
  /** Requests whose answers are passed on piece by piece, without `handle`. @default none */
  streams?: (request: SeenRequest) => boolean;
}

export interface HttpProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** A request that outlives its client may meet a server that never answers. */
const ABANDONED_AFTER_MS = 30_000;

const passOn = (_: SeenRequest, forward: Forward): Promise<Reply> => forward();

/** Opens a way to servers on loopback that understands HTTP. */
export async function openHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const { portOf, handle = passOn, streams, outlivesClient } = options;
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, answerTo) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => undefined);
    answerTo.on('error', () => undefined);
    incoming.on('end', () => {
      const { method = 'GET', url = '/', headers } = incoming;
      const seen: SeenRequest = { method, url, headers, body: Buffer.concat(chunks) };
      const to = { agent, port: portOf(seen) };
      if (streams?.(seen) === true) {
        stream(to, seen, answerTo);
        return;
      }
      const client = outlivesClient?.(seen) === true ? undefined : answerTo;
      handle(seen, (body = seen.body) => ask(to, seen, body, client)).then(
        (answer) => reply(answerTo, answer, method),
        () => answerTo.destroy(),
      );
    });
  });
  // A client may use a connection again at the very moment at which an idle one is closed: that would be our fault.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

interface Target {
  agent: Agent;
  port: number;
}

function open({ agent, port }: Target, { method, url: path, headers: asked }: SeenRequest, length: number) {
  const { 'transfer-encoding': _, ...headers } = asked;
  return request({
    ...{ agent, host: '127.0.0.1', port, method, path },
    headers: { ...headers, 'content-length': length },
  });
}

/** @param client who hangs up on a long poll must not receive from it any more */
async function ask(
  target: Target,
  seen: SeenRequest,
  body: Buffer,
  client: ServerResponse | undefined,
): Promise<Answer> {
  const asked = open(target, seen, body.length);
  const hangUp = (): void => void asked.destroy();
  client?.once('close', hangUp);
  const abandon = client === undefined ? setTimeout(hangUp, ABANDONED_AFTER_MS) : undefined;
  asked.end(body);
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) };
  } finally {
    clearTimeout(abandon);
    client?.off('close', hangUp);
    asked.on('error', () => undefined);
  }
}

function stream(target: Target, seen: SeenRequest, to: ServerResponse): void {
  const asked = open(target, seen, seen.body.length);
  const end = (): void => void to.destroy();
  to.once('close', () => asked.destroy());
  asked.on('error', end);
  asked.once('response', (answer) => {
    answer.on('error', end);
    to.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(to);
    // A body that breaks off must break off here, too.
    answer.once('close', () => {
      if (!answer.complete) to.destroy();
    });
  });
  asked.end(seen.body);
}

function reply(to: ServerResponse, answer: Reply, method: string): void {
  if (answer === undefined) {
    to.destroy();
    return;
  }
  const { status, headers, body } = 'cut' in answer ? answer.cut : answer;
  const { connection: _, 'transfer-encoding': __, 'x-amz-crc32': ___, ...kept } = headers;
  // A HEAD tells the length of what it does not send.
  const length = method === 'HEAD' ? headers['content-length'] : body.length;
  to.writeHead(status, { ...kept, ...(length !== undefined && { 'content-length': length }) });
  if ('cut' in answer) to.write(body.subarray(0, Math.floor(body.length / 2)), () => to.destroy());
  else to.end(body);
}

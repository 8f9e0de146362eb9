import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** A request as a fault sees it. */
export interface SeenRequest {
  method: string;
  /** Percent-encoded, with the query. */
  url: string;
  headers: IncomingMessage['headers'];
}

export interface Fault {
  when: (request: SeenRequest) => boolean;
  /** How often; once unless said otherwise. */
  times?: number;
  fault:
    /** The connection drops when so much of the body has come. */
    | { cutAfterBytes: number }
    /** The server does what it is asked, and nobody hears of it. */
    | 'lose_answer'
    /** Half of the answer's body. */
    | 'break_answer'
    /** The server never hears of it. */
    | { status: number; headers?: Record<string, string>; body?: string }
    /** Done before the request is passed on. */
    | { first: () => Promise<unknown> };
}

export interface FaultyProxy {
  endpointUrl: string;
  /** All that were received, also those that came to harm. */
  readonly seen: SeenRequest[];
  add(fault: Fault): void;
  /** Of what was seen and of faults that are left. */
  forget(): void;
  stop(): Promise<void>;
}

/** Stands between a client and an HTTP server, passes everything on with the `Host` that was signed, and does harm where it is told to. */
export async function startFaultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const target = new URL(targetUrl);
  const faults: Fault[] = [];
  const seen: SeenRequest[] = [];
  const take = (request: SeenRequest): Fault['fault'] | undefined => {
    const index = faults.findIndex(({ when }) => when(request));
    const found = faults[index];
    if (found === undefined) return undefined;
    found.times = (found.times ?? 1) - 1;
    if (found.times === 0) faults.splice(index, 1);
    return found.fault;
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const noted = { method, url, headers };
    seen.push(noted);
    void serve(target, request, response, take(noted)).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    add: (fault) => void faults.push(fault),
    forget: () => {
      faults.length = 0;
      seen.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(
  target: URL,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault['fault'] | undefined,
): Promise<void> {
  if (typeof fault === 'object' && 'first' in fault) await fault.first();
  if (typeof fault === 'object' && 'status' in fault) {
    request.resume();
    await once(request, 'end');
    response.writeHead(fault.status, fault.headers).end(request.method === 'HEAD' ? undefined : fault.body);
    return;
  }
  if (typeof fault === 'object' && 'cutAfterBytes' in fault) {
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes >= fault.cutAfterBytes) break;
    }
    request.socket.destroy();
    return;
  }
  const answer = await forward(target, request);
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (fault === undefined || typeof fault === 'object') {
      if (!response.headersSent) response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!response.write(chunk)) await once(response, 'drain');
    } else {
      chunks.push(chunk);
    }
  }
  if (fault === 'lose_answer') {
    request.socket.destroy();
    return;
  }
  if (!response.headersSent) response.writeHead(answer.statusCode ?? 502, answer.headers);
  if (fault === 'break_answer') {
    const body = Buffer.concat(chunks);
    response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
    return;
  }
  response.end();
}

function forward(target: URL, request: IncomingMessage): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const upstream = httpRequest(
      {
        hostname: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, connection: 'close' },
        agent: false,
      },
      resolve,
    );
    upstream.on('error', reject);
    // A client that has gone sends no more.
    pipeline(request, upstream).catch(reject);
  });
}

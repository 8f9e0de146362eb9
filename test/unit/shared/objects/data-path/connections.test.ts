import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createObjectStore } from '../../../../../src/objects/data-path/create-object-store.js';
import { ConnectionCut } from '../../../../../src/objects/data-path/exchange.js';
import type { ObjectStore } from '../../../../../src/objects/data-path/object-store.js';
import { RequestRefused } from '../../../../../src/objects/write-errors.js';
import { DependencyUnavailable } from '../../../../../src/platform/errors.js';

const OBJECT = { bucket: 'bucket', key: 'key' };
const STORED = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** Answers one request, with the connection that it came on. */
type Speaker = (socket: Socket) => void;

let server: Server;
let store: ObjectStore;
/** In the order in which they were made. */
let sockets: Socket[];
/** Requests that came whole. */
let requests: number;

interface Circumstances {
  maxRetries?: number;
  silenceTimeoutMs?: number;
  /** Instead of when a request has come: when it has begun. */
  early?: boolean;
}

async function listen(speak: Speaker, { early = false, ...limits }: Circumstances = {}) {
  sockets = [];
  requests = 0;
  server = createServer((socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      const [head, body = ''] = text.split('\r\n\r\n', 2);
      const isWhole = body.length === Number(/content-length: (\d+)/.exec(head!)?.[1]);
      if (!isWhole && !early) return;
      if (isWhole) {
        requests++;
        text = '';
      }
      speak(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  store = createObjectStore({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: () => Promise.resolve({ accessKeyId: 'id', secretAccessKey: 'secret' }),
    limits: { connectTimeoutMs: 5_000, silenceTimeoutMs: 5_000, maxRetries: 0, backoffBaseMs: 1, ...limits },
  });
}

afterEach(() => {
  store.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const put = (body = Buffer.from('x'), attributes = {}): Promise<unknown> =>
  store.put(OBJECT, body, { crc32: 0, attributes });

describe('a connection', () => {
  it('serves one write after the other', async () => {
    await listen((socket) => socket.write(STORED));
    for (let round = 0; round < 3; round++) await put();
    expect(sockets).toHaveLength(1);
  });

  it('is closed after an answer that came before all of the body was taken', async () => {
    await listen(
      (socket) => {
        if (sockets.length > 1) return void socket.write(STORED);
        // What follows is not read, so that the body cannot be sent to its end.
        socket.pause();
        socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
      },
      { early: true },
    );
    await expect(put(Buffer.alloc(32 * 1024 * 1024))).rejects.toThrow(RequestRefused);
    await put();
    expect(sockets).toHaveLength(2);
  });

  it.each([
    ['says that it closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['sends more than was asked for', `${STORED}HTTP/1.1 200 OK\r\n`],
  ])('is not used again when the server %s', async (_what, answer) => {
    await listen((socket) => socket.write(sockets.length === 1 ? answer : STORED));
    await put();
    await put();
    expect(sockets).toHaveLength(2);
  });

  it('is not used again when bytes come that nobody asked for', async () => {
    await listen((socket) => socket.write(STORED));
    await put();
    const closed = once(sockets[0]!, 'close');
    sockets[0]!.write(STORED);
    await closed;
    await put();
    expect(sockets).toHaveLength(2);
  });

  it('is not used again once it was idle for as long as a store keeps one', async () => {
    await listen((socket) => socket.write(STORED));
    await put();
    const later = performance.now() + 16_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => later);
    await put().finally(() => clock.mockRestore());
    expect(sockets).toHaveLength(2);
  });

  it('that was closed while it was idle costs no attempt', async () => {
    // The first connection ends as its second request comes, as a server's does whose time is up.
    await listen((socket) => {
      if (requests === 2) socket.destroy();
      else socket.write(STORED);
    });
    await put();
    await put();
    expect([requests, sockets.length]).toEqual([3, 2]);
  });

  it.each([
    ['what is no answer', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['half of one', 'HTTP/1.1 200 OK\r\nContent-Le'],
  ])('that brings %s is an attempt that failed', async (_what, answer) => {
    await listen((socket) => socket.end(answer));
    const failed = put();
    await expect(failed).rejects.toThrow(DependencyUnavailable);
    await expect(failed).rejects.toThrow(/in 1 attempts, at last: the connection dropped/);
  });

  it('says so when nothing is heard on it', async () => {
    await listen(() => undefined, { silenceTimeoutMs: 50 });
    await expect(put()).rejects.toThrow(/no data within 0.05 s/);
    expect(sockets).toHaveLength(1);
  });
});

it('a connection that none of the addresses of a host takes says why', () => {
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(new ConnectionCut(refused, false).message).toBe('the connection dropped (ECONNREFUSED)');
});

it('a header that would be two on the wire is not sent', async () => {
  await listen((socket) => socket.write(STORED));
  await expect(put(undefined, { contentType: 'text/plain\r\nx-amz-acl: public-read' })).rejects.toThrow(
    /Invalid character in header content-type/,
  );
  expect(sockets).toHaveLength(0);
});

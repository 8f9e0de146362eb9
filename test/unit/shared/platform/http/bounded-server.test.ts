import { once } from 'node:events';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import {
  createBoundedServer,
  SERVER_BOUNDS,
  type ServerBounds,
} from '../../../../../src/platform/http/bounded-server.js';
import { until } from '../../../../until.js';

const servers: Server[] = [];
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }),
  );
});

async function serve(listener: RequestListener, bounds: Partial<ServerBounds> = {}): Promise<number> {
  const server = createBoundedServer(listener, { ...SERVER_BOUNDS, ...bounds });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  clients.push(socket);
  await once(socket, 'connect');
  return socket;
}

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function allOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(socket, 'close');
  return text;
}

const statuses = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);

describe('a bounded server', () => {
  test('answers requests with bodies of any size, whole', async () => {
    const port = await serve((incoming, response) => {
      let bytes = 0;
      incoming.on('data', (part: Buffer) => (bytes += part.byteLength));
      incoming.on('end', () => response.end(String(bytes)));
    });
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x'.repeat(300_000) });
    expect(await answer.text()).toBe('300000');
  });

  test('answers what is pipelined in its order, and reads no further than a few ahead', async () => {
    const waiting: [string | undefined, ServerResponse][] = [];
    let most = 0;
    const port = await serve(
      ({ url }, response) => {
        most = Math.max(most, waiting.push([url, response]));
        // The last that may be read: the others have to wait until these are answered.
        if (waiting.length >= 2)
          setImmediate(() => waiting.splice(0).forEach(([path, answer]) => answer.end(path)));
      },
      { pipelined: 2, sliceBytes: 16, requestsPerSecond: 1_000 },
    );
    const socket = await client(port);
    const paths = Array.from({ length: 20 }, (_, i) => `/${i}`);
    socket.write(
      `${paths.slice(0, -1).map(request).join('')}GET /19 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    const text = await allOf(socket);
    expect([...text.matchAll(/^\/\d+/gm)].map(([path]) => path)).toEqual(paths);
    expect(most).toBe(2);
  });

  test('closes the connection of a client that does not read its answer', async () => {
    const port = await serve((_incoming, response) => response.end(Buffer.alloc(64 * 1024 * 1024)), {
      answerSeconds: 0.2,
    });
    const socket = await client(port);
    socket.pause();
    socket.write(request('/'));
    const [server] = servers;
    await until(async () => (await connectionsOf(server)) === 0, 0);
    expect(await connectionsOf(server)).toBe(0);
  });

  test('lets a newcomer in where all places are taken, by closing the greediest', async () => {
    const port = await serve((_incoming, response) => response.end('ok'), {
      connections: 3,
      pipelined: 1,
      requestsPerSecond: 1_000,
    });
    const idle = await client(port);
    const greedy = await client(port);
    greedy.write(request('/').repeat(10));
    const modest = await client(port);
    modest.write(request('/'));
    for (const socket of [greedy, modest]) await once(socket, 'data');
    const greedyIsClosed = allOf(greedy);
    const newcomer = await fetch(`http://127.0.0.1:${port}/`);
    expect(newcomer.status).toBe(200);
    await greedyIsClosed;
    for (const socket of [idle, modest]) expect(socket.destroyed || socket.readableEnded).toBe(false);
  });

  test('closes, where none has asked much yet, who has most waiting, however long another has been here', async () => {
    const port = await serve((_incoming, response) => response.end('ok'), {
      // A slice holds fewer requests than are little.
      ...{ connections: 2, pipelined: 20, requestsPerSecond: 1 },
    });
    const probe = await client(port);
    const flood = await client(port);
    flood.write(request('/').repeat(100));
    await once(flood, 'data');
    const floodIsClosed = allOf(flood);
    const newcomer = await fetch(`http://127.0.0.1:${port}/`);
    expect(newcomer.status).toBe(200);
    await floodIsClosed;
    expect(probe.destroyed || probe.readableEnded).toBe(false);
  });

  test('closes, where nobody has anything waiting, who waits for no answer before one that does, however long that has been here', async () => {
    const held: ServerResponse[] = [];
    const port = await serve(
      ({ url }, response) => {
        if (url === '/held') held.push(response);
        else response.end('ok');
      },
      { connections: 2 },
    );
    const asking = await client(port);
    asking.write(request('/held'));
    await until(() => held.length === 1);
    const silent = await client(port);
    const silentIsClosed = allOf(silent);
    const newcomer = await fetch(`http://127.0.0.1:${port}/`);
    expect(newcomer.status).toBe(200);
    await silentIsClosed;
    held[0]!.end('ok');
    const [answer] = (await once(asking, 'data')) as [Buffer];
    expect(statuses(answer.toString())).toEqual(['200']);
  });

  test('keeps a probe that a busy loop accepts in one turn with a flood, behind it', async () => {
    const server = createBoundedServer((_incoming, response) => response.end('ok'), {
      ...SERVER_BOUNDS,
      connections: 3,
    });
    servers.push(server);
    const accepted: Socket[] = [];
    const door = createServer({ pauseOnConnect: true }, (socket) => accepted.push(socket));
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    const probe = await client(port);
    probe.write(request('/'));
    for (let i = 0; i < 6; i++) (await client(port)).write(request('/').repeat(100));
    await until(() => accepted.length === 7);
    // All that was sent is there, and none of it was looked at.
    const answer = once(probe, 'data') as Promise<[Buffer]>;
    for (const socket of accepted) server.emit('connection', socket);
    door.close();
    expect(statuses((await answer)[0].toString())).toEqual(['200']);
  });

  test('refuses headers that are too long, and ends the connection after so many answers', async () => {
    const port = await serve((_incoming, response) => response.end('ok'), { requestsPerConnection: 2 });
    const long = await client(port);
    long.write(`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'c'.repeat(20_000)}\r\n\r\n`);
    expect(statuses(await allOf(long))).toEqual(['431']);
    const many = await client(port);
    many.write(request('/').repeat(2));
    expect(statuses(await allOf(many))).toEqual(['200', '200']);
  });

  test('ends a connection that began a request and does not go on', async () => {
    const port = await serve((_incoming, response) => response.end('ok'), {
      headersSeconds: 0.05,
      requestSeconds: 0.1,
    });
    const socket = await client(port);
    socket.write('GET / HTTP/1.1\r\nHo');
    expect(statuses(await allOf(socket))).toEqual(['408']);
  });
});

function connectionsOf(server: Server | undefined): Promise<number> {
  return new Promise((resolve, reject) =>
    server?.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

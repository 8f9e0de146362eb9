import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MalformedAnswer } from '../../../../../src/objects/data-path/wire/answer-reader.js';
import {
  createBodyConnections,
  type BodyAnswer,
  type BodyConnections,
} from '../../../../../src/objects/data-path/wire/body-line.js';

const HEAD = 'GET /object HTTP/1.1\r\nhost: store\r\n\r\n';
/** Every byte tells where it stands. */
const patterned = (length: number): Buffer =>
  Buffer.alloc(length).map((_, at) => at * 7 + (at >> 8)) as Buffer;
const answerOf = (body: Buffer, headers = ''): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${headers}\r\n`), body]);

let server: Server;
let sockets: Socket[];
let connections: BodyConnections;

async function listen(speak: (socket: Socket) => void): Promise<void> {
  sockets = [];
  connections = createBodyConnections(15_000);
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', () => speak(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

afterEach(() => {
  connections.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

function ask(heard: () => void = () => undefined): Promise<BodyAnswer> {
  const { port } = server.address() as AddressInfo;
  const target = { protocol: 'http:', hostname: '127.0.0.1', port, host: 'store' } as const;
  return connections.take(target).ask(HEAD, heard);
}

async function read({ body }: BodyAnswer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  // Each is lent until the next is asked for.
  for await (const piece of body) {
    await new Promise((resolve) => setImmediate(resolve));
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

it.each([0, 1, 65_000, 3_000_000])(
  'bodies of %i bytes come whole, one after the other, on one connection',
  async (length) => {
    const body = patterned(length);
    await listen((socket) => socket.write(answerOf(body)));
    for (let round = 0; round < 3; round++) {
      const answer = await ask();
      expect(answer).toMatchObject({ statusCode: 200, bytes: length });
      expect((await read(answer)).equals(body)).toBe(true);
    }
    expect(sockets).toHaveLength(1);
  },
);

it('a head and a body may be cut anywhere, and come behind an interim answer', async () => {
  const whole = Buffer.concat([
    Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'),
    answerOf(Buffer.from('abc'), 'ETag: "x"\r\n'),
  ]);
  await listen((socket) => {
    void (async () => {
      for (const byte of whole) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
  });
  let heard = 0;
  const answer = await ask(() => heard++);
  expect(answer.headers['etag']).toBe('"x"');
  expect((await read(answer)).toString()).toBe('abc');
  expect(heard).toBeGreaterThan(1);
});

it.each([
  ['says that it closes', answerOf(Buffer.from('a'), 'Connection: close\r\n')],
  ['speaks HTTP/1.0', Buffer.from('HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na')],
  ['sends more than it said', Buffer.concat([answerOf(Buffer.from('a')), Buffer.from('b')])],
])('a connection is not used again where the server %s', async (_what, bytes) => {
  await listen((socket) => socket.write(bytes));
  expect((await read(await ask())).toString()).toBe('a');
  expect((await read(await ask())).toString()).toBe('a');
  expect(sockets).toHaveLength(2);
});

it('a connection is not used again when bytes come that nobody asked for', async () => {
  await listen((socket) => socket.write(answerOf(Buffer.from('a'))));
  await read(await ask());
  const end = closed(sockets[0]!);
  sockets[0]!.write('HTTP/1.1 ');
  await end;
  await read(await ask());
  expect(sockets).toHaveLength(2);
});

it('what came before a connection broke off is handed on first', async () => {
  const body = patterned(100_000);
  await listen((socket) => {
    socket.write(answerOf(body).subarray(0, 90_000), () => socket.destroy());
  });
  const came: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of (await ask()).body) came.push(Buffer.from(piece));
  })();
  await expect(reading).rejects.toThrow(/closed|ECONNRESET/);
  const all = Buffer.concat(came);
  expect(all.equals(body.subarray(0, all.length))).toBe(true);
});

it('a body that is not wanted ends its connection, and the next has a new one', async () => {
  await listen((socket) => socket.write(answerOf(patterned(3_000_000))));
  (await ask()).body.destroy();
  await closed(sockets[0]!);
  await read(await ask());
  expect(sockets).toHaveLength(2);
});

it.each([
  ['no answer', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
])('what brings %s is malformed', async (_what, text) => {
  await listen((socket) => socket.write(text));
  await expect(ask()).rejects.toThrow(MalformedAnswer);
});

it('an answer that does not say how long it is tells so', async () => {
  await listen((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'),
  );
  await expect(ask()).resolves.toMatchObject({ statusCode: 200, bytes: undefined });
});

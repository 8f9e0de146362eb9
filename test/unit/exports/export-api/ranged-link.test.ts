import type { IncomingMessage } from 'node:http';
import { collect, CONTENT, FILE, JOB, serveRange, useLinkServer, type LinkServer } from './link-server.js';

describe('a file read over ranges', () => {
  const given = useLinkServer();
  const { opener, always, onRequest } = given;
  let server: LinkServer;
  beforeEach(() => {
    ({ server } = given);
  });

  it('reads anywhere, over one kept connection, and its end without another request', async () => {
    const file = await opener([server], always).open(JOB, { ...FILE, size: CONTENT.length });
    expect(file.size).toBe(CONTENT.length);
    expect(
      (await file.read(CONTENT.length - 100_000, CONTENT.length)).equals(CONTENT.subarray(-100_000)),
    ).toBe(true);
    expect(server.requests).toHaveLength(1);
    expect((await file.read(10, 20)).equals(CONTENT.subarray(10, 20))).toBe(true);
    expect((await collect(file.stream(5, 2_000_000))).equals(CONTENT.subarray(5, 2_000_000))).toBe(true);
    expect(await file.read(7, 7)).toHaveLength(0);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      'bytes=-131072',
      'bytes=10-19',
      'bytes=5-1999999',
    ]);
    expect(server.requests[1]!.headers['if-range']).toBe('"v1"');
    expect(server.connections()).toBe(1);
    expect(file.downloaded()).toBe(131_072 + 10 + 1_999_995);
  });

  it('goes on where a body was cut, without a byte twice', async () => {
    onRequest([2], (request, response) => {
      serveRange(server, request, response, { cutAfter: 500_000 });
      return true;
    });
    const file = await opener([server], always).open(JOB, FILE);
    expect((await collect(file.stream(0, 1_000_000))).equals(CONTENT.subarray(0, 1_000_000))).toBe(true);
    const [, from] = /bytes=(\d+)-999999/.exec(server.requests[2]!.headers.range!)!;
    expect(Number(from)).toBeGreaterThan(0);
    expect(file.downloaded()).toBe(131_072 + 1_000_000);
  });

  it('goes on after an answer shorter than what was asked for', async () => {
    onRequest([2, 3], (request, response) => {
      serveRange(server, request, response, { answered: 100_000 });
      return true;
    });
    const file = await opener([server], always).open(JOB, FILE);
    expect((await file.read(0, 300_000)).equals(CONTENT.subarray(0, 300_000))).toBe(true);
    expect(server.requests).toHaveLength(4);
  });

  it('gives up on a server that sends nothing, as stalled, and on a drip', async () => {
    const file = await opener([server], always, { maxRetries: 1, stallMs: 100 }).open(JOB, FILE);
    server.fault = () => true;
    await expect(file.read(0, 10)).rejects.toMatchObject({ reason: 'stalled' });
    server.fault = ({ headers }, response) => {
      const [, start] = /bytes=(\d+)-/.exec(headers.range!)!;
      response.writeHead(206, {
        etag: '"v1"',
        'content-range': `bytes ${start}-999999/${CONTENT.length}`,
        'content-length': 1_000_000 - Number(start),
      });
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
      return true;
    };
    await expect(file.read(0, 1_000_000)).rejects.toMatchObject({ reason: 'stalled' });
  });

  it('does not count the time in which nobody reads', async () => {
    const file = await opener([server], always, { maxRetries: 0, stallMs: 50 }).open(JOB, FILE);
    let bytes = 0;
    for await (const chunk of file.stream(0, 2_500_000)) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 250));
      bytes += chunk.length;
    }
    expect(bytes).toBe(2_500_000);
  });

  it.each([429, 500, 503])('tries again on %i, and gives up as a dependency that is away', async (status) => {
    onRequest([2, 3], (_, response) => {
      response.writeHead(status, { 'retry-after': '0' }).end();
      return true;
    });
    const file = await opener([server], always, { maxRetries: 2 }).open(JOB, FILE);
    expect((await file.read(0, 10)).equals(CONTENT.subarray(0, 10))).toBe(true);
    await server.close();
    await expect(file.read(0, 10)).rejects.toMatchObject({ name: 'DependencyUnavailable', retryable: true });
  });

  it.each([416, 400, 501])('reads a file whose server answers an end range with %i', async (status) => {
    const plain = (request: IncomingMessage): boolean => /^bytes=-/.test(request.headers.range ?? '');
    server.fault = (request, response) => {
      if (!plain(request)) return false;
      response.writeHead(status).end();
      return true;
    };
    const file = await opener([server], always).open(JOB, FILE);
    expect((await file.read(1, 9)).equals(CONTENT.subarray(1, 9))).toBe(true);
  });

  it('gives up on a server that answers a byte at a time', async () => {
    const file = await opener([server], always, { maxRetries: 2 }).open(JOB, FILE);
    server.fault = (request, response) => {
      serveRange(server, request, response, { answered: 1 });
      return true;
    };
    await expect(file.read(0, 100_000)).rejects.toMatchObject({
      reason: 'ranges_refused',
      message: expect.stringContaining('sends 1 bytes of a range of 99998') as string,
    });
    expect((await file.read(5, 6)).equals(CONTENT.subarray(5, 6))).toBe(true);
  });

  it('reads an empty file', async () => {
    server.fault = (_, response) => {
      response.writeHead(416, { 'content-range': 'bytes */0' }).end();
      return true;
    };
    const empty = await opener([server], always).open(JOB, FILE);
    expect(empty.size).toBe(0);
  });

  it('ends at once when it is told to', async () => {
    const file = await opener([server], always).open(JOB, FILE);
    server.fault = () => true;
    const abort = new AbortController();
    const reading = file.read(0, 10, abort.signal);
    abort.abort(new Error('told to'));
    await expect(reading).rejects.toThrow('told to');
  });
});

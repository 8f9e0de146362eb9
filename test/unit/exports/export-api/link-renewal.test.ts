import {
  collect,
  CONTENT,
  FILE,
  JOB,
  serveRange,
  startLinkServer,
  useLinkServer,
  type LinkServer,
} from './link-server.js';
import { until } from '../../../until.js';

describe('a link that ends or is refused', () => {
  const given = useLinkServer();
  const { opener, always, onRequest, closers } = given;
  let server: LinkServer;
  beforeEach(() => {
    ({ server } = given);
  });

  it.each([401, 403, 404, 410, 400])('asks for a fresh link on %i, and goes on with it', async (status) => {
    onRequest([2], (_, response) => {
      response.writeHead(status, { 'content-length': 3 }).end('no!');
      return true;
    });
    const made = opener([server], (asked) => ({ url: `${server.url}&n=${asked}` }));
    const file = await made.open(JOB, FILE);
    expect((await file.read(0, 10)).equals(CONTENT.subarray(0, 10))).toBe(true);
    expect(made.asked()).toBe(2);
    expect(server.requests.at(-1)?.url).toBe('/file.zip?signature=secret&n=2');
  });

  it.each([
    [403, 'link_refused'],
    [404, 'gone'],
    [410, 'gone'],
  ])('gives up on %i of three links in a row, as %s', async (status, reason) => {
    server.fault = (_, response) => {
      response.writeHead(status).end();
      return true;
    };
    const made = opener([server], always);
    const error: Error = await made.open(JOB, FILE).then(
      () => new Error('it opened'),
      (caught: unknown) => caught as Error,
    );
    expect(error).toMatchObject({ name: 'FileRefused', reason });
    expect(error.message).not.toContain('secret');
    expect(made.asked()).toBe(3);
  });

  it('renews a link before it ends, whatever the clock says of one just given', async () => {
    const expiresAt = new Date(Date.now() + 4_000).toISOString();
    const past = new Date(Date.now() - 60_000).toISOString();
    const made = opener([server], (asked) => ({
      url: server.url,
      expiresAt: asked === 1 ? expiresAt : past,
    }));
    const file = await made.open(JOB, FILE);
    await file.read(0, 10);
    expect(made.asked()).toBe(1);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_000);
    await file.read(0, 10);
    await file.read(0, 10);
    jest.restoreAllMocks();
    expect(made.asked()).toBe(2);
  });

  it('asks once for all streams of a file, of which one may end meanwhile', async () => {
    let answer: (link: { url: string }) => void = () => undefined;
    const made = opener([server], (asked) =>
      asked === 1 ? always() : new Promise((resolve) => (answer = resolve)),
    );
    const file = await made.open(JOB, FILE);
    onRequest([2, 3], (_, response) => {
      response.writeHead(403).end();
      return true;
    });
    const abort = new AbortController();
    const ends = file.read(0, 10, abort.signal);
    const goesOn = file.read(10, 20);
    await until(() => made.asked() >= 2 && server.requests.length >= 3, 0);
    abort.abort(new Error('told to'));
    await expect(ends).rejects.toThrow('told to');
    answer(always());
    expect((await goesOn).equals(CONTENT.subarray(10, 20))).toBe(true);
    expect(made.asked()).toBe(2);
  });

  it('says that the archive changed when a fresh link has another version', async () => {
    const other = await startLinkServer(CONTENT);
    closers.push(() => other.close());
    other.etag = '"v2"';
    const made = opener([server, other], (asked) => ({ url: asked === 1 ? server.url : other.url }));
    const file = await made.open(JOB, FILE);
    server.fault = (request, response) => {
      if (server.requests.length === 2) serveRange(server, request, response, { cutAfter: 1_200_000 });
      else response.writeHead(403).end();
      return true;
    };
    await expect(collect(file.stream(0, CONTENT.length))).rejects.toMatchObject({ name: 'ArchiveChanged' });
    other.etag = '"v1"';
    expect((await collect(file.stream(0, CONTENT.length))).equals(CONTENT)).toBe(true);
  });
});

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  content,
  etag,
  openDownloads,
  closeServers,
  closeDownloads,
  downloader,
  newPath,
  trustedServer,
  sendObject,
  sendStart,
  sha256,
  expectWhole,
} from './downloads.js';

beforeAll(openDownloads);
afterEach(closeServers);
afterAll(closeDownloads);

describe('an address', () => {
  test('is read whole', async () => {
    const path = newPath();
    await downloader().download(await trustedServer(sendObject), path);
    expectWhole(path);
  });

  test('whose server falls silent is resumed, and times out when it stays silent', async () => {
    const ranges: (string | undefined)[] = [];
    const stalls = await trustedServer((request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length > 1) sendObject(request, response);
      else sendStart(response, 50_000, () => undefined);
    });
    const path = newPath();
    await expect(downloader().download(stalls, path)).resolves.toMatchObject({ attempts: 2 });
    expectWhole(path);
    expect(ranges[1]).toBe('bytes=50000-');

    const alwaysStalls = await trustedServer((_request, response) =>
      sendStart(response, 50_000, () => undefined),
    );
    await expect(downloader().download(alwaysStalls, newPath())).rejects.toMatchObject({
      name: 'DownloadTimeout',
      retryable: true,
      message: expect.not.stringContaining('secret') as string,
    });
  });

  test('that drips just fast enough is stopped by the attempt’s total', async () => {
    const drips = await trustedServer((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const impatient = downloader({ attemptTimeoutMs: 500, maxRetries: 0 });
    await expect(impatient.download(drips, newPath())).rejects.toThrow('not complete within 0.5 s');
  });

  test('that changes between two attempts is read anew, never mixed', async () => {
    const other = randomBytes(200_000);
    let requests = 0;
    const changes = await trustedServer((request, response) => {
      requests++;
      if (requests === 1) sendStart(response, 50_000, () => response.destroy());
      else if (request.headers['if-match'] === etag) response.writeHead(412).end();
      else response.writeHead(200, { etag: '"version-2"', 'content-length': other.length }).end(other);
    });
    const path = newPath();
    await downloader().download(changes, path);
    expect(sha256(readFileSync(path))).toBe(sha256(other));
  });

  test('whose server ignores the range is read from the start', async () => {
    let requests = 0;
    const ignores = await trustedServer((_request, response) => {
      if (++requests === 1) sendStart(response, 50_000, () => response.destroy());
      else response.writeHead(200, { etag, 'content-length': content.length }).end(content);
    });
    const path = newPath();
    await downloader().download(ignores, path);
    expectWhole(path);
  });

  test('that is cut every time is DownloadFailed after the last attempt', async () => {
    let requests = 0;
    const cuts = await trustedServer((_request, response) => {
      requests++;
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('x', () => response.destroy());
    });
    await expect(downloader().download(cuts, newPath())).rejects.toMatchObject({
      name: 'DownloadFailed',
    });
    expect(requests).toBe(3);
  });

  test('without a stated length is stopped at the limit while it streams', async () => {
    let sent = 0;
    const endless = await trustedServer((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        sent += 65_536;
        response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    const path = newPath();
    await expect(downloader().download(endless, path)).rejects.toMatchObject({ name: 'ObjectTooLarge' });
    expect(existsSync(path)).toBe(false);
    expect(sent).toBeLessThan(50_000_000);
  });

  test('that states too much is refused before its body is read', async () => {
    const boasts = await trustedServer((_request, response) => {
      response.writeHead(200, { 'content-length': 2_000_000_000 });
      response.flushHeaders();
    });
    await expect(downloader().download(boasts, newPath())).rejects.toMatchObject({ name: 'ObjectTooLarge' });
  });

  test.each([
    [404, 'ObjectNotFound', 1],
    [410, 'ObjectNotFound', 1],
    [401, 'ObjectForbidden', 1],
    [403, 'ObjectForbidden', 1],
    [400, 'DownloadFailed', 1],
    [500, 'DownloadFailed', 3],
    [503, 'DownloadFailed', 3],
  ])('that answers %i is %s after %i attempts', async (status, name, attempts) => {
    let requests = 0;
    const location = await trustedServer((_request, response) => {
      requests++;
      response.writeHead(status).end('no');
    });
    await expect(downloader().download(location, newPath())).rejects.toMatchObject({ name });
    expect(requests).toBe(attempts);
  });

  test('is left at once when the caller aborts, also between attempts and in the queue', async () => {
    const stalls = await trustedServer((_request, response) => sendStart(response, 50_000, () => undefined));
    const abort = new AbortController();
    const patient = downloader({ silenceTimeoutMs: 60_000, attemptTimeoutMs: 60_000, maxConcurrency: 1 });
    const running = patient.download(stalls, newPath(), abort.signal);
    const queued = patient.download(stalls, newPath(), abort.signal);
    abort.abort(new Error('The worker is draining'));
    await expect(running).rejects.toThrow('The worker is draining');
    await expect(queued).rejects.toThrow('The worker is draining');

    const fails = await trustedServer((_request, response) =>
      response.writeHead(503, { 'retry-after': '20' }).end(),
    );
    const later = new AbortController();
    const waiting = downloader({ backoffBaseMs: 60_000 }).download(fails, newPath(), later.signal);
    setImmediate(() => later.abort(new Error('The worker is draining')));
    await expect(waiting).rejects.toThrow('The worker is draining');
  });
});

test('no more downloads run at one time than allowed', async () => {
  let running = 0;
  let most = 0;
  const location = await trustedServer((request, response) => {
    most = Math.max(most, ++running);
    response.on('close', () => running--);
    sendObject(request, response);
  });
  const limited = downloader({ maxConcurrency: 2 });
  await Promise.all(Array.from({ length: 12 }, () => limited.download(location, newPath())));
  expect(most).toBeLessThanOrEqual(2);
});

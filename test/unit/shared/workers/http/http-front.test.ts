import { request } from 'node:http';
import {
  startHttpFront,
  type HttpAnswer,
  type HttpFront,
  type HttpFrontOptions,
} from '../../../../../src/workers/http/http-front.js';
import { until } from '../../../../until.js';

const fronts: HttpFront[] = [];
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()));
});

const page = (text: string): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from(text),
});

async function serve(options: Partial<HttpFrontOptions> = {}): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const front = await startHttpFront({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['vachan.example.org'],
    silentMs: () => 0,
    ask: (url) => {
      asked.push(url);
      return Promise.resolve(page(url));
    },
    ...options,
  });
  fronts.push(front);
  return { url: front.url, asked };
}

/** With a Host of one's own, which `fetch` does not allow. */
function askAs(host: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

describe('the front of the worker’s port', () => {
  test('says that the worker lives without asking it', async () => {
    const { url, asked } = await serve({ ask: () => new Promise(() => undefined) });
    const answer = await fetch(`${url}/health/live`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    expect(asked).toEqual([]);
  });

  test('says that it does not when its event loop has stalled for half a minute', async () => {
    let silent = 29_000;
    const { url } = await serve({ silentMs: () => silent });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    silent = 42_000;
    const answer = await fetch(`${url}/health/live`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stalled', silent_seconds: 42 }]);
  });

  test('asks the worker once for a page, however many want it', async () => {
    let answer: (page: HttpAnswer) => void = () => undefined;
    const asked: string[] = [];
    const { url } = await serve({
      ask: (path) => {
        asked.push(path);
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const all = Array.from({ length: 20 }, (_, i) => fetch(`${url}/metrics?by=${i}`));
    await until(() => asked.length > 0, 0);
    answer(page('one'));
    const texts = await Promise.all(all.map(async (one) => (await one).text()));
    expect(new Set(texts)).toEqual(new Set(['one']));
    expect(asked).toEqual(['/metrics']);
  });

  test('hands a question over with its query, and its answer back as it is', async () => {
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '2' };
    const { url, asked } = await serve({
      ask: (path) => {
        asked.push(path);
        return Promise.resolve({ status: 503, headers, body: Buffer.from('{"status":503}') });
      },
    });
    const answer = await fetch(`${url}/api/v1/runs?limit=5`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toEqual({ status: 503 });
    expect(asked).toEqual(['/api/v1/runs?limit=5']);
    const head = await fetch(`${url}/api/v1/runs?limit=5`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
  });

  test('lets no more than fifty different questions a second through', async () => {
    let now = 5_000;
    const { url, asked } = await serve({ now: () => now });
    const ask = async (count: number): Promise<number> => {
      const before = asked.length;
      for (let i = 0; i < count; i++) await fetch(`${url}/api/v1/runs?cursor=${now}-${i}`);
      return asked.length - before;
    };
    expect(await ask(60)).toBe(50);
    expect((await fetch(`${url}/api/v1/runs?cursor=more`)).status).toBe(503);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    now += 1_000;
    expect(await ask(60)).toBe(50);
  });

  test('refuses pages of strangers that had their name point here, and nobody who asks for health', async () => {
    const { url, asked } = await serve();
    for (const path of ['/metrics', '/api/v1/runs', '/nowhere', '//health/live']) {
      expect(await askAs('evil.example.com', `${url}${path}`)).toBe(421);
    }
    expect(asked).toEqual([]);
    for (const host of ['127.0.0.1', 'vachan-worker:8080', 'vachan.example.org']) {
      expect(await askAs(host, `${url}/metrics`)).toBe(200);
    }
    for (const path of ['/health/live', '/health/ready', '/health/health']) {
      expect(await askAs('probe.example.com', `${url}${path}`)).toBe(200);
    }
  });

  test('only reads, and answers for the worker when that has no answer', async () => {
    const { url } = await serve({ ask: () => Promise.reject(new Error('secret')) });
    const posted = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const failed = await fetch(`${url}/metrics`);
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('secret');
  });
});

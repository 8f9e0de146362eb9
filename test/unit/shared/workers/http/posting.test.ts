import { z } from 'zod';
import { IdempotencyKeyReused, type Api, type PostGiven } from '../../../../../src/platform/http/api.js';
import { startHealthServer } from '../../../../../src/workers/health-server.js';
import { tokenDigest } from '../../../../../src/workers/http/caller.js';
import { startHttpFront, type HttpFront } from '../../../../../src/workers/http/http-front.js';
import { openApiDescription } from '../../../../../src/workers/api/openapi.js';

const TOKEN = 'a'.repeat(32);

interface Numbers {
  numbers: number[];
}

/** An API that adds numbers up, and tells its sum to this machine alone. */
function api(given: PostGiven<Numbers>[]): Api {
  return {
    components: {
      Numbers: z.strictObject({ numbers: z.array(z.int()).max(3) }),
      Sum: z.object({ sum: z.int() }),
    },
    operations: [
      {
        ...{ method: 'POST', path: '/numbers', operationId: 'addNumbers', body: 'Numbers', answer: 'Sum' },
        ...{ summary: 'Add.', description: 'Adds numbers.', problems: { '422': 'Another body.' } },
        ask: (asked: PostGiven<Numbers>) => {
          given.push(asked);
          if (asked.idempotencyKey === 'used')
            throw new IdempotencyKeyReused('The key came with another body.');
          return Promise.resolve({
            sum: asked.body.numbers.reduce((sum, number) => sum + number, 0),
            secret: 1,
          });
        },
      },
      {
        ...{ path: '/sum', operationId: 'getSum', access: 'loopback', answer: 'Sum' },
        ...{ summary: 'The sum.', description: 'The sum.', problems: {} },
        ask: () => Promise.resolve({ sum: 1 }),
      },
    ],
  };
}

const fronts: HttpFront[] = [];
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()));
});

async function serve(token?: string): Promise<{ url: string; given: PostGiven<Numbers>[] }> {
  const given: PostGiven<Numbers>[] = [];
  const log = { error: () => undefined, warn: () => undefined };
  const front = await startHealthServer({
    ...{ host: '127.0.0.1', port: 0, allowedHosts: [], serviceMode: 'all', log },
    ...{ phase: () => 'running', state: () => ({}), metrics: () => Promise.resolve('') },
    readiness: () => Promise.resolve({ ready: true, checks: {} }),
    api: {
      ...{ api: api(given), ready: () => true, version: '0.0.0', log },
      tokenDigest: token === undefined ? undefined : tokenDigest(token),
    },
    startFront: (options) => startHttpFront({ ...options, silentMs: () => 0 }),
  });
  fronts.push(front);
  return { url: `${front.url}/api/v1`, given };
}

const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/numbers`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
  });
const detailOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { detail: string }).detail;

describe('posting to the API', () => {
  test('takes a body from who has the token, and answers what the schema lets through', async () => {
    const { url, given } = await serve(TOKEN);
    const answer = await post(url, '{"numbers":[1,2]}', { 'idempotency-key': '"key-1"' });
    expect([answer.status, await answer.json()]).toEqual([200, { sum: 3 }]);
    expect(given).toEqual([{ body: { numbers: [1, 2] }, idempotencyKey: 'key-1' }]);
  });

  test.each([
    ['no token', { authorization: '' }, /^Expected a bearer token/],
    ['another token', { authorization: `Bearer ${'b'.repeat(32)}` }, /^The token is not the right one\.$/],
    ['the token without its scheme', { authorization: TOKEN }, /^Expected a bearer token/],
  ])('refuses %s, says so, and reads nothing of the body', async (_, headers, detail) => {
    const { url, given } = await serve(TOKEN);
    const answer = await post(url, 'no JSON at all', headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await detailOf(answer)).toMatch(detail);
    expect(given).toEqual([]);
  });

  test('takes nothing where no token is set, and names the setting', async () => {
    const { url } = await serve();
    const answer = await post(url, '{"numbers":[1]}');
    expect(answer.status).toBe(403);
    expect(await detailOf(answer)).toContain('HTTP_API_TOKEN');
  });

  test.each([
    ['{"numbers":[1,2,3,4]}', 400, /^numbers: expected at most 3 numbers \(got/],
    ['{"numbers":"1"}', 400, /^numbers: expected an array \(got/],
    ['[]', 400, /^input: expected an object \(got/],
    ['{"numbers":[1],"more":1}', 400, /no such field: .*more/],
    ['{"numbers":', 400, /could not be read/],
    ['', 400, /could not be read/],
  ])('says of the body %j what is wrong with it', async (body, status, detail) => {
    const { url, given } = await serve(TOKEN);
    const answer = await post(url, body);
    expect(answer.status).toBe(status);
    expect(await detailOf(answer)).toMatch(detail);
    expect(given).toEqual([]);
  });

  test('refuses a body that is no JSON by its type, and one that is too large', async () => {
    const { url } = await serve(TOKEN);
    expect((await post(url, '<numbers/>', { 'content-type': 'text/xml' })).status).toBe(415);
    const large = await post(url, JSON.stringify({ numbers: [], padding: 'x'.repeat(1024 * 1024) }));
    expect(large.status).toBe(413);
    expect(await detailOf(large)).toContain('1048576 bytes');
  });

  test('refuses an idempotency key that is none, and one that came with another body', async () => {
    const { url } = await serve(TOKEN);
    expect((await post(url, '{"numbers":[]}', { 'idempotency-key': 'a b' })).status).toBe(400);
    const reused = await post(url, '{"numbers":[]}', { 'idempotency-key': 'used' });
    expect([reused.status, await detailOf(reused)]).toEqual([422, 'The key came with another body.']);
  });

  test('is asked every time, unlike a GET', async () => {
    const { url, given } = await serve(TOKEN);
    await Promise.all([post(url, '{"numbers":[1]}'), post(url, '{"numbers":[1]}')]);
    expect(given).toHaveLength(2);
  });

  test('is not what every path takes', async () => {
    const { url } = await serve(TOKEN);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${url}/sum`, { method: 'POST', headers })).status).toBe(405);
    expect((await fetch(`${url}/numbers`, { headers })).status).toBe(404);
  });

  test.each([
    ['numbers', 'POST', 'This path takes POST alone.'],
    ['sum', 'GET, HEAD', 'This path takes GET alone.'],
  ])('is told from reading where /%s gets neither', async (path, allowed, detail) => {
    const { url } = await serve(TOKEN);
    const answer = await fetch(`${url}/${path}`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    expect(await detailOf(answer)).toBe(detail);
  });
});

describe('what is answered to this machine alone', () => {
  test('needs the token for whom a proxy speaks', async () => {
    const { url } = await serve(TOKEN);
    expect((await fetch(`${url}/sum`)).status).toBe(200);
    const passedOn = { 'x-forwarded-for': '203.0.113.7' };
    expect((await fetch(`${url}/sum`, { headers: passedOn })).status).toBe(401);
    const withToken = { ...passedOn, authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${url}/sum`, { headers: withToken })).status).toBe(200);
  });
});

test('the description says which operations need the token, and what they take', () => {
  const { paths, components } = openApiDescription(api([]), '0.0.0') as {
    paths: Record<string, Record<string, { security: unknown; requestBody?: unknown }>>;
    components: { securitySchemes: unknown };
  };
  expect(Object.keys(paths['/api/v1/numbers']!)).toEqual(['post']);
  expect(paths['/api/v1/numbers']!['post']).toMatchObject({
    security: [{ token: [] }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Numbers' } } } },
  });
  expect(paths['/api/v1/sum']!['get']!.security).toEqual([{}, { token: [] }]);
  expect(components.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
});

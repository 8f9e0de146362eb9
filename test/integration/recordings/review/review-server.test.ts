import { request, type IncomingHttpHeaders } from 'node:http';
import type { Review } from '../../../../src/pipelines/recordings/review/review.js';
import {
  startReviewServer,
  type ReviewServer,
} from '../../../../src/pipelines/recordings/review/server/review-server.js';
import type { Verdict } from '../../../../src/pipelines/recordings/review/verdicts/verdict-csv.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';

const verdicts: (Verdict | null)[] = [null, null];
const review: Review = {
  testDate: '2025-12-20',
  drawn: { top: 1, random: 1, randomFrom: 'normal' },
  verdicts: () => verdicts,
  sound: (place) =>
    Promise.resolve(
      place === 0
        ? {
            wave: Buffer.from('RIFF'),
            picture: { seconds: 1, waveform: { min: [], max: [] }, spectrogram: 'data:,', columns: 0 },
          }
        : { unplayable: 'This recording cannot be played: it is gone.' },
    ),
  reveal: () => ({
    result_document_id: 'id',
    sample: 'top',
    random_from: 'normal',
    is_anomaly: true,
    anomaly_score: 1,
    threshold: null,
    reasons: [],
  }),
  judge: (place, verdict) => {
    if (verdict === 'unsure')
      return Promise.reject(new DependencyUnavailable('a.csv cannot be written: the disk is full.'));
    verdicts[place] = verdict;
    return Promise.resolve();
  },
};

let server: ReviewServer;
beforeEach(async () => {
  verdicts.fill(null);
  server = await startReviewServer(review, 0);
});
afterEach(() => server.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** As any program may ask, with a Host of its own choice. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { port, pathname } = new URL(server.url);
  const { method = 'GET', headers = {}, body } = options;
  const target = path.startsWith('/') ? path : pathname + path;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: target,
        method,
        headers: { host: new URL(server.url).host, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const put = (place: string, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`recordings/${place}/verdict`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

describe("a review's server", () => {
  test('has a page whose policy lets nothing in or out', async () => {
    const { status, headers, text } = await ask('');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; connect-src 'self'; media-src blob:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(text).toContain('Recording 1 of 2');
  });

  test('answers nobody without the token, and no stranger with it', async () => {
    const paths = ['/', '/favicon.ico', '/x/state', '/x/recordings/0/audio'];
    for (const path of paths) expect((await ask(path)).status).toBe(404);
    for (const host of ['evil.example', 'localhost', `localhost:${new URL(server.url).port}`]) {
      expect((await ask('state', { headers: { host } })).status).toBe(403);
    }
    expect((await ask('state', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    const forged = await put('0', '{"verdict":"normal"}', { 'sec-fetch-site': 'cross-site' });
    expect([forged.status, verdicts]).toEqual([403, [null, null]]);
  });

  test('takes verdicts of three words on recordings that there are', async () => {
    expect(await put('1', '{"verdict":"anomalous"}')).toMatchObject({
      status: 200,
      text: '{"verdicts":[null,"anomalous"]}',
    });
    expect((await ask('state')).text).toBe('{"verdicts":[null,"anomalous"]}');
    for (const [place, body] of [
      ['0', '{"verdict":"maybe"}'],
      ['0', '{}'],
      ['0', '[]'],
      ['0', 'normal'],
      ['2', '{"verdict":"normal"}'],
      ['-1', '{"verdict":"normal"}'],
      ['1e0', '{"verdict":"normal"}'],
    ] as const) {
      expect((await put(place, body)).status).toBe(400);
    }
    expect((await put('0', `{"verdict":"${'n'.repeat(2_000)}"}`)).status).toBe(413);
    expect((await put('0', '{"verdict":"normal"}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect(verdicts).toEqual([null, 'anomalous']);
  });

  test('says why a verdict was not saved, and lives on', async () => {
    const refused = await put('0', '{"verdict":"unsure"}');
    expect(refused).toMatchObject({
      status: 503,
      text: '{"message":"a.csv cannot be written: the disk is full."}',
    });
    expect((await put('0', '{"verdict":"normal"}')).status).toBe(200);
  });

  test('has sound as a wave, or a sentence', async () => {
    expect(await ask('recordings/0/audio')).toMatchObject({
      status: 200,
      text: 'RIFF',
      headers: { 'content-type': 'audio/wav' },
    });
    expect(await ask('recordings/1/audio')).toMatchObject({
      status: 422,
      text: '{"message":"This recording cannot be played: it is gone."}',
    });
  });

  test('ends when the reviewer says so, and not before', async () => {
    let finished = false;
    void server.finished.then(() => (finished = true));
    await put('0', '{"verdict":"normal"}');
    await put('1', '{"verdict":"normal"}');
    expect(finished).toBe(false);
    expect((await ask('finish', { method: 'POST' })).status).toBe(200);
    await server.finished;
  });

  test('names a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startReviewServer(review, port)).rejects.toThrow(
      `The page cannot be served on 127.0.0.1:${port}: the port is taken; name a free one with --port, or leave it out.`,
    );
  });
});

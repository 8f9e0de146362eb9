import type { ExportSources } from '../../../../src/pipelines/exports/export-api/sources.js';
import { createBreaker } from '../../../../src/pipelines/exports/export-api/client/breaker.js';
import {
  createCallGate,
  type CallKind,
} from '../../../../src/pipelines/exports/export-api/client/call-gate.js';
import { ApiFault, ApiThrottled } from '../../../../src/pipelines/exports/export-api/client/api-faults.js';
import {
  rateLimitPauseMs,
  retryAfterMs,
} from '../../../../src/pipelines/exports/export-api/client/retry-after.js';
import { sourcesAt, startApi, type ApiServer, type Scripted } from './api-server.js';
import { until } from '../../../until.js';

const READY: Scripted = { json: { id: 'e', state: 'ready' } };

describe('calls of an Export API in trouble', () => {
  let api: ApiServer;
  let sources: ExportSources;

  beforeEach(async () => {
    api = await startApi(READY);
  });
  afterEach(async () => {
    sources.close();
    await api.close();
  });
  const status = (environment: Record<string, string> = {}): Promise<unknown> => {
    sources = sourcesAt(api, environment);
    return sources.of('default').status('e');
  };

  it.each<[string, Scripted, RegExp]>([
    ['silence', () => undefined, /no whole answer within 1 s \(status\)/],
    [
      'a body that never ends',
      (_, response) => void response.writeHead(200).write('{'),
      /no whole answer within 1 s/,
    ],
    [
      'a connection that drops',
      (request) => void request.socket.destroy(),
      /the connection dropped \(ECONNRESET\)/,
    ],
    [
      'a body that is cut',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"id"', () => response.destroy());
      },
      /the connection dropped/,
    ],
    ['503', { status: 503 }, /answers 503\./],
  ])('are a fault after %s', async (_, answer, message) => {
    api.answers = [answer];
    await expect(status({ EXPORT_API_TIMEOUT: '1s' })).rejects.toMatchObject({
      name: 'ApiFault',
      retryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  it('read no more of an answer than any should have', async () => {
    api.answers = [{ text: ' '.repeat(9 * 1024 * 1024) }];
    await expect(status()).rejects.toMatchObject({
      name: 'ApiAnswerInvalid',
      message: expect.stringContaining('more than 8388608 bytes') as string,
    });
  });

  it('are tried again, as often as the setting says', async () => {
    api.answers = [{ status: 500 }, (request) => void request.socket.destroy(), READY];
    await expect(status({ EXPORT_API_MAX_RETRIES: '2' })).resolves.toEqual({ state: 'ready' });
    expect(api.requests).toHaveLength(3);
  });

  it('leave a long Retry-After to the caller, and pause the whole process', async () => {
    api.answers = [{ status: 429, headers: { 'retry-after': '120' } }, READY];
    await expect(status({ EXPORT_API_MAX_RETRIES: '5' })).rejects.toMatchObject({
      name: 'ApiThrottled',
      retryAfterMs: 120_000,
    });
    const paused = await sources
      .of('default')
      .link('e', 'f')
      .catch((error: unknown) => error as Error);
    expect(paused).toMatchObject({ name: 'ApiUnavailable' });
    expect((paused as unknown as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(110_000);
    expect(api.requests).toHaveLength(1);
    expect(sources.breakers()).toEqual([{ source: 'default', state: 'closed' }]);
  });

  it('open the breaker after a burst of faults, and are then not made', async () => {
    api.answers = [{ status: 502 }];
    sources = sourcesAt(api);
    const source = sources.of('default');
    for (let call = 0; call < 5; call++) await expect(source.status('e')).rejects.toThrow('answers 502');
    expect(sources.breakers()).toEqual([{ source: 'default', state: 'open' }]);
    await expect(source.status('e')).rejects.toMatchObject({
      name: 'ApiUnavailable',
      message: expect.stringContaining('has failed repeatedly; it is asked again in') as string,
    });
    expect(api.requests).toHaveLength(5);
  });

  it('leave links their half of the rate, whatever the listing asks', async () => {
    // A call of each kind in 20 s: the next one would wait for longer than a caller should.
    sources = sourcesAt(api, { EXPORT_API_RATE: '0.1' });
    expect(sources.listingRate).toBe(0.05);
    const source = sources.of('default');
    await source.status('e');
    await expect(source.page('e', undefined)).rejects.toThrow('asked to slow down; calls go on in 20 s');
    api.answers = [{ status: 404 }];
    await expect(source.link('e', 'f')).rejects.toMatchObject({ reason: 'gone' });
    await expect(source.link('e', 'f')).rejects.toThrow('asked to slow down');
    expect(api.requests).toHaveLength(2);
  });

  it('have a turn for each request that a redirect makes of them', async () => {
    api.answers = [{ status: 307, headers: { location: '/moved' } }, READY];
    sources = sourcesAt(api, { EXPORT_API_RATE: '0.1' });
    await expect(sources.of('default').status('e')).rejects.toThrow('asked to slow down');
    expect(api.requests).toHaveLength(1);
  });

  it('end at once when they are told to', async () => {
    api.answers = [() => undefined];
    sources = sourcesAt(api);
    const abort = new AbortController();
    const asking = sources.of('default').status('e', abort.signal);
    abort.abort(new Error('told to'));
    await expect(asking).rejects.toThrow('told to');
  });

  it('go over kept connections, and survive one that the server has closed', async () => {
    sources = sourcesAt(api);
    const source = sources.of('default');
    await source.status('e');
    api.answers = [(request) => void request.socket.destroy(), READY];
    // A reset of a kept connection asks nothing of the API yet: it is no fault of its.
    await expect(source.status('e')).resolves.toEqual({ state: 'ready' });
  });
});

describe('the breaker', () => {
  const fails = (): Promise<never> => Promise.reject(new ApiFault('x'));

  it('closes when a probe succeeds, and stays open when it fails', async () => {
    const told: string[] = [];
    const breaker = createBreaker('The API', { baseMs: 2, maxMs: 4 }, (state) => told.push(state));
    for (let call = 0; call < 5; call++) await expect(breaker.run(fails)).rejects.toThrow('x');
    expect(breaker.state).toBe('open');
    // Refused calls say how long it takes.
    const probed = (probe: () => Promise<unknown>): Promise<boolean> =>
      until(async () => {
        let called = false;
        const call = (): Promise<unknown> => {
          called = true;
          return probe();
        };
        await breaker.run(call).catch(() => undefined);
        return called;
      }, 0);
    await probed(fails);
    expect(breaker.state).toBe('open');
    await probed(() => Promise.resolve());
    expect(breaker.state).toBe('closed');
    expect(told).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('does not open on 429, nor on a few faults among many answers', async () => {
    const breaker = createBreaker('The API');
    for (let call = 0; call < 50; call++) {
      await breaker.run(() => Promise.reject(new ApiThrottled('y'))).catch(() => undefined);
      await breaker.run(() => Promise.resolve());
      if (call % 3 === 0) await breaker.run(fails).catch(() => undefined);
    }
    expect(breaker.state).toBe('closed');
  });
});

describe('the gate', () => {
  it('divides each half of the rate by the processes that make such calls', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(5_000);
    const turns = async (kind: CallKind, processes: number): Promise<number> => {
      const gate = createCallGate(1, { longestWaitMs: 0 });
      gate.setProcesses(kind, processes);
      await gate.turn(kind);
      const error: unknown = await gate.turn(kind).catch((caught: unknown) => caught);
      return (error as { retryAfterMs: number }).retryAfterMs;
    };
    for (const kind of ['listing', 'link'] as const) {
      expect(await turns(kind, 1)).toBeCloseTo(2_000);
      expect(await turns(kind, 4)).toBeCloseTo(8_000);
    }
    jest.restoreAllMocks();
  });

  it('lets through nobody during a pause, also who waited already', async () => {
    const gate = createCallGate(100, { random: () => 0 });
    await gate.turn('link');
    const waiting = gate.turn('link');
    gate.pause(60);
    const before = performance.now();
    await waiting;
    expect(performance.now() - before).toBeGreaterThan(50);
  });
});

describe('what an API asks to wait', () => {
  const NOW = Date.parse('2026-11-27T10:00:00Z');

  it.each([
    ['7', 7_000],
    ['Fri, 27 Nov 2026 10:00:09 GMT', 9_000],
    ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
    ['999999999', 300_000],
    ['2026-11-27T10:00:09Z', 9_000],
    ['1.5', 1_500],
    ['9'.repeat(400), 300_000],
    ['soon', undefined],
    ['in 5', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('by Retry-After: %s', (header, milliseconds) => {
    expect(retryAfterMs({ 'retry-after': header }, NOW)).toBe(milliseconds);
  });

  it.each([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '20' }, 20_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 30) }, 30_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '1' }, 1_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '86400' }, 300_000],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '20' }, undefined],
    [{ 'x-ratelimit-remaining': '0' }, undefined],
  ])('by its rate limit: %j', (headers, milliseconds) => {
    expect(rateLimitPauseMs(headers, NOW)).toBe(milliseconds);
  });
});

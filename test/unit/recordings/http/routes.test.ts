import { fastify, type FastifyInstance } from 'fastify';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { NoSuchRun } from '../../../../src/temporal/runs/run-errors.js';
import type { ApiSources } from '../../../../src/pipelines/recordings/http/api-sources.js';
import { toCounts } from '../../../../src/pipelines/recordings/http/present-run.js';
import type { Run, RunItem } from '../../../../src/pipelines/recordings/http/schemas.js';
import { recordingsApi } from '../../../../src/pipelines/recordings/http/api.js';
import { registerApi } from '../../../../src/workers/api/routes.js';
import { aSummary } from '../../shared/cli/fake-context.js';
import { askApi, mismatch, type ApiAnswer } from './openapi-answers.js';

const aRunItem: RunItem = {
  workflow_id: 'discovery:student_assessment_record:2025-12-20',
  run_id: 'run-1',
  kind: 'discovery',
  test_date: '2025-12-20',
  source_collection: 'student_assessment_record',
  mode: 'backfill',
  queue: 'recordings',
  state: 'running',
  status: 'running',
  started_at: '2025-12-20T13:44:00.000Z',
  closed_at: null,
};
const watermark = {
  last_processed_timestamp: '2025-12-20T10:00:00.000Z',
  last_processed_doc_id: 'document-of-a-child',
  last_processed_subject_id: 'subject-7',
  last_processed_record_type: 'teacher_record',
} as const;
const aRun: Run = { ...aRunItem, counts: toCounts(aSummary({ watermark })), counts_missing: null };
const depth = { visible: 3, in_flight: 2, delayed: 1 };
const measured_at = '2025-12-20T13:45:00.000Z';

const answering: ApiSources = {
  listRuns: () => Promise.resolve({ runs: [aRunItem], next_cursor: 'abc' }),
  run: () => Promise.resolve(aRun),
  queueStatus: () =>
    Promise.resolve({
      queue: 'recordings',
      fifo: false,
      ...depth,
      dead_letters: { queue: 'recordings-dead', ...depth, max_receive_count: 3 },
      inference_workers: 1,
      measured_at,
    }),
  queueStats: () =>
    Promise.resolve({
      queue: 'recordings',
      runs_under_way: 3,
      runs_answered: 1,
      complete: false,
      outcomes: noOutcomes(),
      success_rate: 0.5,
      records_per_minute: 12.5,
      lanes: 2,
      this_process: { service_mode: 'all', outcomes: noOutcomes(), acknowledged: 0, uptime_seconds: 5 },
      measured_at,
    }),
};

const PATHS: [path: string, asked: string][] = [
  ['/api/v1/runs', '/runs?limit=1'],
  ['/api/v1/runs/{test_date}', '/runs/2025-12-20'],
  ['/api/v1/queue/status', '/queue/status'],
  ['/api/v1/queue/stats', '/queue/stats'],
];

const servers: FastifyInstance[] = [];
const logged: string[] = [];
afterEach(async () => {
  logged.length = 0;
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(sources: Partial<ApiSources> | undefined): Promise<string> {
  const app = fastify();
  servers.push(app);
  await registerApi(app, {
    api: recordingsApi(() => ({ ...answering, ...sources })),
    ready: () => sources !== undefined,
    version: '1.2.3',
    log: { error: (event) => void logged.push(event) },
  });
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function allFail(error: Error): Promise<ApiAnswer[]> {
  const fail = (): Promise<never> => Promise.reject(error);
  const url = await serve({ listRuns: fail, run: fail, queueStatus: fail, queueStats: fail });
  return Promise.all(
    PATHS.map(async ([path, asked]) => {
      const answer = await askApi(url, asked);
      expect(mismatch(path, answer)).toBeUndefined();
      return answer;
    }),
  );
}

describe('the HTTP API', () => {
  test.each(PATHS)('answers %s as its OpenAPI description says', async (path, asked) => {
    const answer = await askApi(await serve({}), asked);
    expect(answer.status).toBe(200);
    expect(mismatch(path, answer)).toBeUndefined();
    expect(answer.headers.get('cache-control')).toBe('private, max-age=2');
    expect(mismatch(path, { ...answer, body: { ...answer.body, queue: 7, runs: 7 } })).toBeDefined();
  });

  test('describes itself, with the version that runs', async () => {
    const { body } = await askApi(await serve({}), '/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    expect(Object.keys(body['paths'] as object)).toEqual(PATHS.map(([path]) => path));
  });

  test('lets nothing out that its schemas do not name', async () => {
    const leaking = { ...aRun, student_id: 'S-1', counts: { ...aRun.counts, udise: '0123' } } as Run;
    const { body } = await askApi(await serve({ run: () => Promise.resolve(leaking) }), '/runs/2025-12-20');
    const text = JSON.stringify(body);
    for (const secret of ['S-1', '0123', 'document-of-a-child', 'subject-7']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain(watermark.last_processed_timestamp);
  });

  test.each([
    ['/runs?limit=0', /^limit: .*got "0"/],
    ['/runs?test_date=20-12-2025', /^test_date: expected a calendar date as YYYY-MM-DD/],
    ['/runs?status=gone', /^status: /],
    ['/runs?cursor=%22%20OR%201', /^cursor: /],
    ['/runs?limit=1&limit=2', /^limit: /],
    ['/runs?page=2', /page/],
    ['/runs?limit=abc', /^limit: .*got "abc"/],
    ['/runs?limit=1e9', /^limit: /],
    ['/runs?test_date=%00', /^test_date: /],
    [`/runs?test_date=${'2'.repeat(5_000)}`, /^test_date: .{0,200}$/],
    [`/runs?cursor=${'a'.repeat(3_000)}`, /^cursor: .{0,200}$/],
    ['/runs/%00', /^test_date: /],
    [`/runs/${'2025-12-20'.repeat(9)}`, /^test_date: .{0,200}$/],
    ['/runs/2025-02-30', /^test_date: expected a calendar date .*got "2025-02-30"/],
  ])('says of %s what is wrong with it', async (asked, detail) => {
    const answer = await askApi(await serve({}), asked);
    expect(answer.status).toBe(400);
    expect(answer.body['detail']).toMatch(detail);
    const path = asked.startsWith('/runs?') ? '/api/v1/runs' : '/api/v1/runs/{test_date}';
    expect(mismatch(path, answer)).toBeUndefined();
  });

  test('answers 404 for a date without a run, and for a path that is none', async () => {
    const url = await serve({ run: () => Promise.reject(new NoSuchRun('2025-12-24 has no run')) });
    const missing = await askApi(url, '/runs/2025-12-24');
    expect(missing).toMatchObject({
      status: 404,
      body: { detail: '2025-12-24 has no run', instance: '/api/v1/runs/2025-12-24' },
    });
    expect(mismatch('/api/v1/runs/{test_date}', missing)).toBeUndefined();
    expect((await askApi(url, '/nonsense?secret=1')).body).toMatchObject({
      status: 404,
      instance: '/api/v1/nonsense',
    });
  });

  test('is read-only, and says so', async () => {
    const answer = await askApi(await serve({}), '/runs/2025-12-20', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('answers 503 with Retry-After while it starts and when Temporal or SQS do not answer', async () => {
    const starting = await askApi(await serve(undefined), '/queue/status');
    expect(starting).toMatchObject({ status: 503, body: { detail: 'The worker is starting.' } });
    for (const answer of await allFail(new DependencyUnavailable('SQS did not answer'))) {
      expect(answer).toMatchObject({ status: 503, body: { detail: 'SQS did not answer' } });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
  });

  test('answers 502 when Temporal refuses', async () => {
    for (const { status } of await allFail(new InvalidInput('no permission'))) expect(status).toBe(502);
  });

  test('keeps what nobody foresaw to its log', async () => {
    for (const answer of await allFail(new Error('stack and secrets'))) {
      expect(answer.status).toBe(500);
      expect(JSON.stringify(answer.body)).not.toContain('secrets');
    }
    expect(logged).toEqual(PATHS.map(() => 'unexpected_error'));
  });

  test('asks Temporal once, however often a dashboard asks', async () => {
    let asked = 0;
    const url = await serve({
      run: () => {
        asked++;
        return Promise.resolve(aRun);
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => askApi(url, '/runs/2025-12-20')));
    expect(asked).toBe(1);
  });
});

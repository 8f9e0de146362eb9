import { request } from 'node:http';
import type { ExportState } from '../../../../src/pipelines/exports/state/job-state.js';
import { exportsApi } from '../../../../src/pipelines/exports/http/api.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { NoSuchRun } from '../../../../src/temporal/runs/run-errors.js';
import { startHealthServer } from '../../../../src/workers/health-server.js';
import { startHttpFront, type HttpFront } from '../../../../src/workers/http/http-front.js';
import { fakeRuns } from '../../shared/cli/fake-context.js';
import { aResult } from '../cli/fake-jobs.js';

const log = recordingLogger();
let server: HttpFront;
/** Ids whose results are asked for. */
let asked: string[] = [];

beforeAll(async () => {
  const state = {
    of: ({ export_id: id }: { export_id: string }) => ({
      result: () => {
        asked.push(id);
        return Promise.resolve(aResult());
      },
    }),
  } as unknown as Pick<ExportState, 'of'>;
  const runs = fakeRuns({ describe: () => Promise.reject(new NoSuchRun('gone')) });
  server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    log,
    startFront: (front) => startHttpFront({ ...front, silentMs: () => 0 }),
    serviceMode: 'all',
    phase: () => 'running',
    readiness: () => Promise.resolve({ ready: true, checks: {} }),
    state: () => ({}),
    metrics: () => Promise.resolve(''),
    api: {
      api: exportsApi(state, () => ({ runs, client: undefined as never, taskQueue: 'vachan' })),
      ready: () => true,
      version: '1',
      log,
    },
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => server.close());

/** The path as it is, without what clients make of it. */
async function get(path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['a%2Fb', 'a/b'],
  ['%2E%2e%2Fetc', '../etc'],
  ['100%25', '100%'],
  ['%E0%A4%A8%E0%A4%AE', 'नम'],
  ['x'.repeat(256), 'x'.repeat(256)],
  [encodeURIComponent('é'.repeat(128)), 'é'.repeat(128)],
  ["'%22%3Cscript%3E;--", '\'"<script>;--'],
])('an id in a path is the id that it is encoded from: %s', async (segment, id) => {
  const { status, body } = await get(`/api/v1/exports/default/${segment}`);
  expect([status, asked]).toEqual([200, [id]]);
  expect(JSON.parse(body)).toMatchObject({ source: 'default', export_id: id });
});

test.each([
  ['/api/v1/exports/default/%00', 400],
  ['/api/v1/exports/default/a%0Ab', 400],
  [`/api/v1/exports/default/${'x'.repeat(257)}`, 400],
  [`/api/v1/exports/default/${'x'.repeat(2000)}`, 414],
  ['/api/v1/exports/Default/a', 400],
  ['/api/v1/exports/a%2Fb/c', 400],
  ['/api/v1/exports/default/%E0%A4', 400],
  ['/api/v1/exports/default/%zz', 400],
  ['/api/v1/exports/default/a/b', 404],
  ['/api/v1/exports/default/..%00/', 404],
  ['/api/v1/exports?limit=0', 400],
  ['/api/v1/exports?limit=1e3', 400],
  ['/api/v1/exports?cursor=%00', 400],
  ['/api/v1/exports?since=yesterday', 400],
  ['/api/v1/exports?state=lost', 400],
  ['/api/v1/exports?source=a&source=b', 400],
  ['/api/v1/exports?unknown=1', 400],
  ['/api/v1/exports?__proto__=1', 400],
])('%s is refused with a problem', async (path, expected) => {
  const { status, body } = await get(path);
  expect([status, asked]).toEqual([expected, []]);
  expect(JSON.parse(body)).toMatchObject({ status: expected, detail: expect.any(String) as string });
  expect(body).not.toMatch(/node_modules|\.js:|at /);
  expect(log.lines).toEqual([]);
});

import { request } from 'node:http';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { ConfigurationError } from '../../../../src/platform/errors.js';
import { createRecordingsMetrics } from '../../../../src/pipelines/recordings/metrics/recordings-metrics.js';
import { createMetrics } from '../../../../src/platform/metrics/metrics.js';
import {
  startHealthServer,
  type HealthServerOptions,
  type WorkerPhase,
} from '../../../../src/workers/health-server.js';
import { startHttpFront, type HttpFront } from '../../../../src/workers/http/http-front.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { recordingsApi } from '../../../../src/pipelines/recordings/http/api.js';
import type { Readiness } from '../../../../src/workers/readiness.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';

const servers: HttpFront[] = [];
let phase: WorkerPhase;
let readiness: Readiness;
const all = createMetrics();
const metrics = createRecordingsMetrics(all, {
  openBatches: () => 3,
  models: () => ({ model: { name: 'reading-audio', version: '1' } }),
});

beforeEach(() => {
  phase = 'running';
  readiness = { ready: true, checks: { sqs: 'ok' } };
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(overrides: Partial<HealthServerOptions> = {}): Promise<HttpFront> {
  const server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    log: recordingLogger(),
    // In this thread: the other one needs what the build makes.
    startFront: (front) => startHttpFront({ ...front, silentMs: () => 0 }),
    serviceMode: 'inference',
    phase: () => phase,
    readiness: () => Promise.resolve(readiness),
    state: () => ({ model: { name: 'reading-audio', version: '1' }, shadow: undefined }),
    metrics: () => all.registry.metrics(),
    ...overrides,
  });
  servers.push(server);
  return server;
}

describe('the health server', () => {
  test('says which process it is and where it is in its life', async () => {
    const { url } = await serve();
    phase = 'draining';
    const answer = await fetch(`${url}/health/health`);
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      service: 'vachan',
      service_mode: 'inference',
      phase: 'draining',
      model: { name: 'reading-audio', version: '1' },
    });
  });

  test('is ready when the checks are', async () => {
    const { url } = await serve();
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', checks: { sqs: 'ok' } }]);
    readiness = { ready: false, checks: { sqs: 'SQS does not answer' } };
    const unready = await fetch(`${(await serve()).url}/health/ready`);
    expect([unready.status, await unready.json()]).toEqual([
      503,
      { status: 'not_ready', checks: { sqs: 'SQS does not answer' } },
    ]);
  });

  test.each(['starting', 'draining'] as const)('is alive but not ready while %s', async (now) => {
    const { url } = await serve();
    phase = now;
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  test('shows deliveries by outcome and open batches to Prometheus', async () => {
    const { url } = await serve();
    metrics.addOutcomes({ ...noOutcomes(), completed: 7, malformed: 2 });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('vachan_deliveries_total{pipeline="recordings",outcome="completed"} 7');
    expect(text).toContain('vachan_deliveries_total{pipeline="recordings",outcome="malformed"} 2');
    expect(text).toContain('vachan_open_batches{pipeline="recordings"} 3');
  });

  test('changes nothing: every address answers to reading only', async () => {
    const { url } = await serve();
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/api/v1/runs',
      '/api/v1/queue/status',
      '/',
    ]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await fetch(`${url}${path}`, { method });
        expect([404, 405]).toContain(answer.status);
      }
    }
  });

  test('takes any path for one that may not be there', async () => {
    const api = recordingsApi(() => {
      throw new Error('not asked here');
    });
    const { url } = await serve({ api: { api, ready: () => false, version: '1', log: recordingLogger() } });
    const { port } = new URL(url);
    for (const path of [
      '/%zz',
      '//',
      '//evil.example.com/x',
      '/api/v1/runs/%zz',
      '/api/v1/runs?%zz=%',
      '/..',
      '/a b',
    ]) {
      const status = await new Promise<number>((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path: encodeURI(path).replaceAll('%25', '%') });
        asked.on('response', (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
        asked.end();
      });
      expect([path, [400, 404, 503].includes(status) ? 'refused' : status]).toEqual([path, 'refused']);
    }
  });

  test('listens on loopback unless told otherwise', () => {
    expect(loadSettings({}, pick(BASE_SETTINGS, 'HEALTH_HOST', 'CODEC_SERVER_HOST'))).toEqual({
      HEALTH_HOST: '127.0.0.1',
      CODEC_SERVER_HOST: '127.0.0.1',
    });
  });

  test('names the setting to change when its port is taken', async () => {
    const { url } = await serve();
    const second = serve({ port: Number(new URL(url).port) });
    await expect(second).rejects.toThrow(ConfigurationError);
    await expect(second).rejects.toThrow(/HEALTH_PORT/);
  });
});

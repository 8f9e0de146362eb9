import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Registry, Gauge } from 'prom-client';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { createMetricsPage } from '../../../../src/workers/metrics-page.js';

let sdk: Server;
let url: string;
const SDK_PAGE = '# TYPE temporal_x gauge\ntemporal_x{task_queue="vachan-host-abc"} 1\n';

beforeEach(async () => {
  sdk = createServer((_request, response) => response.end(SDK_PAGE)).listen(0, '127.0.0.1');
  await once(sdk, 'listening');
  url = `http://127.0.0.1:${(sdk.address() as AddressInfo).port}/metrics`;
});
afterEach(() => sdk.close());

function registry(): Registry {
  const own = new Registry();
  new Gauge({ name: 'ours', help: 'Ours.', registers: [own] }).set(1);
  return own;
}

describe('the page of metrics', () => {
  test('holds the SDK’s too, whose own task queue of this process has one name forever', async () => {
    const page = createMetricsPage({
      registry: registry(),
      temporalMetricsUrl: url,
      ownTaskQueues: () => ['vachan-host-abc'],
      log: recordingLogger(),
    });
    const text = await page();
    expect(text).toContain('ours 1');
    expect(text).toContain('temporal_x{task_queue="host"} 1');
  });

  test('is ours alone, with a warning, when the SDK does not answer', async () => {
    sdk.close();
    const log = recordingLogger();
    const page = createMetricsPage({
      registry: registry(),
      temporalMetricsUrl: url,
      ownTaskQueues: () => [],
      log,
    });
    expect(await page()).toContain('ours 1');
    expect(log.of('temporal_sdk')).toHaveLength(1);
  });
});

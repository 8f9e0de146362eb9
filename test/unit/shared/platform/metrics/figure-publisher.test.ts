import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE, backlogPerTaskMetric } from '../../../../../infra/stack/backlog-metric.js';
import { recordingLogger } from '../../../../../src/platform/logging/recording-logger.js';
import {
  startFigurePublisher,
  type MetricSender,
} from '../../../../../src/platform/metrics/figure-publisher.js';
import { BACKLOG_METRIC } from '../../../../../src/pipelines/recordings/process/backlog-services.js';

const MINUTE_MS = 60_000;

/** A stand-in for CloudWatch that speaks as much of its protocol as one call needs. */
async function startCloudWatch(
  answer: number,
): Promise<{ server: Server; client: CloudWatchClient; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      bodies.push(`${String(request.headers['x-amz-target'])} ${body}`);
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new CloudWatchClient({
    region: 'ap-south-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return { server, client, bodies };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return decodeURIComponent(text.toString('latin1'));
}

/** Publishes once, as after a minute, and waits until the call is over. */
async function publishOnce(
  client: MetricSender,
  figure: number | undefined = 300,
): Promise<{ log: ReturnType<typeof recordingLogger>; calls: number }> {
  const log = recordingLogger();
  const ends: Promise<unknown>[] = [];
  const watched = {
    send: (...args: Parameters<CloudWatchClient['send']>) => {
      const end = (client.send as (...given: unknown[]) => Promise<unknown>).apply(client, args);
      ends.push(end.catch(() => undefined));
      return end;
    },
  } as MetricSender;
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'],
  });
  const publisher = startFigurePublisher(watched, {
    metric: BACKLOG_METRIC,
    namespace: METRIC_NAMESPACE,
    taskQueue: 'vachan',
    figure: () => figure,
    log,
  });
  jest.advanceTimersByTime(MINUTE_MS);
  publisher.stop();
  jest.useRealTimers();
  await Promise.all(ends);
  await new Promise((resolve) => setImmediate(resolve));
  return { log, calls: ends.length };
}

describe('publishing what scaling follows', () => {
  let server: Server;
  let client: CloudWatchClient;
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  test('tells CloudWatch each minute, under the name that scaling follows', async () => {
    const cloudWatch = await startCloudWatch(200);
    ({ server, client } = cloudWatch);
    const { log } = await publishOnce(client);
    const [body] = cloudWatch.bodies;
    for (const part of ['PutMetricData', METRIC_NAMESPACE, BACKLOG_METRIC, 'TaskQueue', 'vachan', '300']) {
      expect(body).toContain(part);
    }
    expect(backlogPerTaskMetric('vachan').metricName).toBe(BACKLOG_METRIC);
    expect(log.lines).toEqual([]);
  });

  test('goes on when CloudWatch refuses', async () => {
    ({ server, client } = await startCloudWatch(500));
    const { log } = await publishOnce(client);
    expect(log.of('backlog_publish_failed')).toHaveLength(1);
  });

  test('says nothing without a measurement: silence is not an empty queue', async () => {
    ({ server, client } = await startCloudWatch(200));
    const log = recordingLogger();
    expect((await publishOnce(client, 0)).calls).toBe(1);
    jest.useFakeTimers();
    const publisher = startFigurePublisher(
      { send: () => Promise.reject(new Error('must not be called')) },
      {
        metric: BACKLOG_METRIC,
        namespace: METRIC_NAMESPACE,
        taskQueue: 'vachan',
        figure: () => undefined,
        log,
      },
    );
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS);
    publisher.stop();
    jest.useRealTimers();
    expect(log.lines).toEqual([]);
  });
});

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { createS3Csv } from '../../../../src/pipelines/recordings/results/csv/s3-csv.js';
import type { CsvDestination } from '../../../../src/pipelines/recordings/results/csv/csv-destination.js';
import { createDependencies } from '../../../../src/pipelines/recordings/process/dependencies.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';

const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const before = { ...process.env };
const closing: (() => Promise<void>)[] = [];

beforeAll(() => Object.assign(process.env, credentials));
afterAll(() => {
  process.env = before;
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A worker's own CSV in S3, where S3 is a server that does as told, and time runs out quickly. */
async function csvAt(listener: RequestListener, settings: Record<string, string>): Promise<CsvDestination> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
    return Promise.resolve();
  });
  const dependencies = createDependencies(
    loadSettings(
      {
        AWS_REGION: 'ap-south-1',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        SQS_QUEUE_URL: 'http://127.0.0.1:1/0/recordings',
        MONGO_URI: 'mongodb://127.0.0.1:1',
        ...settings,
      },
      BASE_SETTINGS,
      RECORDINGS_SETTINGS,
    ),
  );
  closing.push(() => dependencies.close());
  return createS3Csv(dependencies.s3, { bucket: 'results', prefix: 'csv' });
}

const row = (receive_count: number): CsvRow =>
  ({ message_id: 'message-1', receive_count, processing_status: 'completed' }) as unknown as CsvRow;

test.each([
  ['that takes the rows and never answers', () => undefined],
  [
    'whose answer never ends',
    (_request: unknown, response: { writeHead(status: number): unknown; write(text: string): unknown }) => {
      response.writeHead(500);
      response.write('<Error>');
    },
  ],
] as [string, RequestListener][])('a store %s fails the write after its attempts', async (_what, answer) => {
  let attempts = 0;
  const csv = await csvAt(
    (request, response) => {
      attempts++;
      request.resume();
      answer(request, response);
    },
    {
      S3_CONNECT_TIMEOUT_SECONDS: '0.5',
      S3_SOCK_READ_TIMEOUT_SECONDS: '0.5',
      S3_TIMEOUT_SECONDS: '0.5',
      S3_MAX_RETRIES: '1',
    },
  );
  await expect(csv.append('batch-1', [row(1)])).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: expect.stringContaining('S3 could not write s3://results/csv/batch-1.csv') as string,
  });
  expect(attempts).toBe(2);
});

test('an attempt that is cancelled lets go of its write, and the next one does not queue behind it', async () => {
  let attempts = 0;
  const cancelled = new AbortController();
  const csv = await csvAt(
    (request, response) => {
      request.resume();
      request.on('end', () => {
        attempts++;
        if (attempts === 1) cancelled.abort();
        else response.writeHead(200, { etag: '"x"' }).end();
      });
    },
    { S3_TIMEOUT_SECONDS: '3600' },
  );
  const first = csv.append('batch-1', [row(1)], cancelled.signal);
  const second = csv.append('batch-1', [row(1)]);
  await expect(first).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  await expect(second).resolves.toEqual({ written: 1, repeated: 0 });
  expect(attempts).toBe(2);
});

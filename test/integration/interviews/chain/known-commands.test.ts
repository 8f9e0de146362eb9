import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { INTERVIEW_COLLECTIONS } from '#tools/stack/interviews.js';
import { until } from '../../../until.js';
import { jobDocument, zoneOfNoon } from '../jobs/jobs-under-test.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

/** What operators of the system before this one know by heart: its settings, its commands, its answers. */
const KNOWN_SETTINGS = {
  MAX_CONCURRENT_JOBS: '3',
  QUEUE_CHECK_INTERVAL: '30',
  JOB_TIMEOUT: '3600',
  ENABLE_STREAMING_PROCESSING: 'true',
  STREAMING_CHUNK_SIZE_MB: '20',
  CHUNKED_FILE_SIZE_THRESHOLD_MB: '50',
  ENABLE_MEMORY_MONITORING: 'true',
  MEMORY_THRESHOLD_PERCENT: '85',
};
const TOKEN = 'known-commands-'.repeat(3);

let installation: InterviewsInstallation;
let url: string;
let log: () => string;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  await seedJobs();
  const port = await freePort();
  const process = installation.process('all', {
    ...KNOWN_SETTINGS,
    ...{ PIPELINES: 'interviews', HTTP_API_TOKEN: TOKEN, HEALTH_PORT: String(port) },
    STATS_TIME_ZONE: zoneOfNoon(),
  });
  log = () => process.logTail();
  url = `http://localhost:${port}`;
  await until(async () => {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  });
});
afterAll(() => installation.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Two that completed, one that failed, and one whose object has yet to come. */
async function seedJobs(): Promise<void> {
  const { mongo, bucket } = installation.endpoints;
  const client = await MongoClient.connect(mongo.uri);
  const ended_at = new Date();
  const started_at = new Date(ended_at.getTime() - 510_000);
  const done = { bucket, started_at, ended_at, data_process: '1', run_id: 'before', attempts: 1 };
  await client
    .db(mongo.database)
    .collection(INTERVIEW_COLLECTIONS.jobs)
    .insertMany([
      ...['3', '3', '2'].map((status) => jobDocument({ ...done, status })),
      jobDocument({ bucket }),
    ]);
  await client.close();
}

const get = async (path: string): Promise<Record<string, unknown>> => {
  const answer = await fetch(url + path);
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as Record<string, unknown>;
};

test('curl -X GET "http://localhost:…/api/v1/queue/status" answers as it always did', async () => {
  expect(await get('/api/v1/queue/status')).toMatchObject({
    total_jobs: 4,
    pending_jobs: 1,
    processing_jobs: 0,
    failed_jobs: 1,
    completed_jobs: 2,
    active_jobs_count: 0,
    processing_method: 'streaming_s3',
    max_concurrent_jobs: 3,
  });
});

test('curl -X GET "http://localhost:…/api/v1/queue/stats" answers as it always did', async () => {
  expect(await get('/api/v1/queue/stats')).toMatchObject({
    jobs_processed_today: 3,
    success_rate: 0.6667,
    average_processing_time: '8.5 minutes',
    memory_usage: expect.stringMatching(/^\d{1,3}%$/) as string,
    active_concurrent_jobs: 0,
  });
});

test('the health endpoints tell of the service, its memory, that it is ready and that it lives', async () => {
  expect(await get('/health/health')).toMatchObject({
    ...{ status: expect.any(String) as string, memory_usage: expect.stringMatching(/^\d{1,3}%$/) as string },
  });
  expect(await get('/health/ready')).toMatchObject({ status: 'ready' });
  expect(await get('/health/live')).toMatchObject({ status: 'ok' });
});

test('grep "queue_processor" finds the lines of this pipeline', async () => {
  await fetch(`${url}/api/v1/queue/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({
      jobs: [{ interview_id: 'x', interview_type: 'video', bucket: installation.endpoints.bucket, key: 'x' }],
    }),
  });
  await until(() => log().includes('"component":"queue_processor"'));
});

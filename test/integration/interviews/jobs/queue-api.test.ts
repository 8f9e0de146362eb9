import type { InterviewsLogger } from '../../../../src/pipelines/interviews/log-events.js';
import { interviewsQueueApi } from '../../../../src/pipelines/interviews/http/api.js';
import type { ActivityParts } from '../../../../src/pipelines/interviews/process/parts.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { Api } from '../../../../src/platform/http/api.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startHealthServer } from '../../../../src/workers/health-server.js';
import { tokenDigest } from '../../../../src/workers/http/caller.js';
import { startHttpFront, type HttpFront } from '../../../../src/workers/http/http-front.js';
import { freshDatabase } from '../../embedded-stack.js';
import { jobDocument, jobsOn, zoneOfNoon, type JobsUnderTest } from './jobs-under-test.js';

const TOKEN = 't0ken-'.repeat(8);

let under: JobsUnderTest;
let front: HttpFront | undefined;
beforeEach(async () => {
  under = await jobsOn(freshDatabase());
});
afterEach(async () => {
  await front?.close();
  await under.close();
});

/** Temporal is away: jobs are added all the same. */
const parts = (): ActivityParts =>
  ({
    config: {
      ...{ INTERVIEW_BUCKETS: ['media'], ENABLE_STREAMING_PROCESSING: true },
      ...{ MAX_CONCURRENT_JOBS: 3, STATS_TIME_ZONE: zoneOfNoon() },
    },
    dependencies: {
      ...{ queue: under.collection, jobs: under.jobs },
      erased: { isErased: (id: string) => Promise.resolve(under.erased.has(id)) },
    },
    metrics: { jobEnded: () => undefined },
    temporal: () => {
      throw new DependencyUnavailable('Temporal is away.');
    },
    log: recordingLogger() as InterviewsLogger,
  }) as unknown as ActivityParts;

async function serve(): Promise<string> {
  const api: Api = interviewsQueueApi(parts(), {
    tellInterview: () => Promise.resolve(),
    memory: () => ({ used: 0.65, constrained: false, recommendedJobs: 3 }),
    ownPlaces: () => 3,
    alone: true,
  });
  const log = recordingLogger();
  front = await startHealthServer({
    ...{ host: '127.0.0.1', port: 0, allowedHosts: [], serviceMode: 'all', log },
    ...{ phase: () => 'running', state: () => ({}), metrics: () => Promise.resolve('') },
    readiness: () => Promise.resolve({ ready: true, checks: {} }),
    api: { api, ready: () => true, version: '0.0.0', tokenDigest: tokenDigest(TOKEN), log },
    startFront: (options) => startHttpFront({ ...options, silentMs: () => 0 }),
  });
  return front.url;
}

const job = { interview_id: 'one', interview_type: 'video', bucket: 'media', key: 'one.mp4' };

function post(url: string, jobs: unknown[], headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify({ jobs }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
  });
}

test.each(['/api/v1/interviews/queue/jobs', '/api/v1/queue/jobs'])(
  'jobs that are posted to %s are added once, and answered alike under one key',
  async (path) => {
    const url = (await serve()) + path;
    const first = await post(url, [job, { ...job, interview_type: 'audio' }], { 'idempotency-key': 'k' });
    expect(first.status).toBe(200);
    const answer = (await first.json()) as { jobs: { job_id: string; outcome: string }[] };
    expect(answer.jobs.map(({ outcome }) => outcome)).toEqual(['added', 'added']);
    expect(await under.jobs.get(answer.jobs[0]!.job_id)).toMatchObject({ ...job, status: '0' });

    const repeated = await post(url, [job, { ...job, interview_type: 'audio' }], { 'idempotency-key': 'k' });
    expect(await repeated.json()).toEqual(answer);
    expect((await post(url, [job], { 'idempotency-key': 'k' })).status).toBe(422);
    expect(await (await post(url, [job])).json()).toEqual({
      jobs: [{ job_id: answer.jobs[0]!.job_id, outcome: 'known' }],
    });
  },
);

test('what is wrong with a posted job is said by its place in the list, and none is added', async () => {
  const url = `${await serve()}/api/v1/interviews/queue/jobs`;
  const details = async (...jobs: unknown[]) => {
    const answer = await post(url, jobs);
    return [answer.status, ((await answer.json()) as { detail: string }).detail];
  };
  expect(await details(job, { ...job, interview_type: 'film' })).toEqual([
    400,
    expect.stringMatching(/^jobs\.1\.interview_type: expected one of video, audio \(got "film"\)$/),
  ]);
  expect(await details({ ...job, bucket: 'others' })).toEqual([
    400,
    'jobs.0.bucket: others is none of INTERVIEW_BUCKETS (media)',
  ]);
  expect(await under.all()).toEqual([]);
  expect((await post(url, [job], { authorization: '' })).status).toBe(401);
});

test('the statistics are answered under both paths, with the keys that programs know', async () => {
  const started_at = new Date(Date.now() - 510_000);
  await under.collection.insertOne(jobDocument({ status: '3', started_at, ended_at: new Date() }));
  const url = await serve();
  const [own, known] = await Promise.all(
    ['/api/v1/interviews/queue/stats', '/api/v1/queue/stats'].map(async (path) =>
      (await fetch(url + path)).json(),
    ),
  );
  expect(own).toMatchObject({ success_rate: 1, average_processing_time: '8.5 minutes', memory_usage: '65%' });
  expect(Object.keys(known as object)).toEqual(Object.keys(own as object));
});

test('the status is 503 while Temporal is away, since nobody knows who is there to work', async () => {
  const answer = await fetch(`${await serve()}/api/v1/interviews/queue/status`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
});

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { InterviewResult } from '#vachan/pipelines/interviews/contract/result.js';
import { completed } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder } from '#tools/interviews/media/known-media.js';
import type { SeededInterview } from '#tools/interviews/seeded-interview.js';
import type { GuardedProcess } from '#tools/stack/guarded-process.js';
import { until } from '../../../until.js';
import { startHoldingStore } from './holding-store.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

const TIMEOUT_MS = 120_000;
/** Chunks of four seconds, whatever the size of a file. */
const CHUNKED = {
  CHUNKED_FILE_SIZE_THRESHOLD_MB: '0',
  STREAMING_CHUNK_SIZE_MB: '1',
  INTERVIEW_CHUNK_LEAST: '4s',
};
const FILE = 'labelled/h04_head_turns_mediarecorder.webm';

const video = (kind: string, file = FILE): SeededInterview => ({
  ...{ kind, id: `interview-${randomUUID()}`, saysHowMany: true },
  media: [
    {
      ...{ type: 'video', door: 'insert', key: `staging/${randomUUID()}` },
      content: { file: join(mediaFolder(), file) },
      outcome: completed({}),
    },
  ],
});

/** All that was seeded in this file. */
const all: SeededInterview[] = [];
const seed = async (seeded: SeededInterview): Promise<void> => {
  all.push(seeded);
  await installation.seed(seeded);
};

let installation: InterviewsInstallation;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
  installation.process('orchestrator');
}, TIMEOUT_MS);
afterAll(() => installation.close(), TIMEOUT_MS);

/** A worker that has taken the job and begun to read, and gets no further. */
async function workerAtWork(
  seeded: SeededInterview,
  env: Record<string, string>,
): Promise<{ worker: GuardedProcess; release: () => Promise<void> }> {
  const store = await startHoldingStore(installation.endpoints.aws.endpointUrl);
  const worker = installation.process('worker', {
    ...{ AWS_ENDPOINT_URL: store.url, S3_SOCK_READ_TIMEOUT_SECONDS: '300', S3_TIMEOUT_SECONDS: '300' },
    ...env,
  });
  await seed(seeded);
  await until(() => {
    if (worker.hasExited()) throw new Error(worker.logTail());
    return store.held > 0;
  });
  return { worker, release: store.close };
}

async function resultOf({ id }: SeededInterview): Promise<InterviewResult> {
  const { results } = await installation.world();
  const [result, ...more] = results.filter((one) => one.interview_id === id);
  expect(more).toEqual([]);
  return result!;
}

test(
  'a job whose process is told to stop goes on in another one at once, and counts no failure',
  async () => {
    const seeded = video('stopped');
    const { worker: first, release } = await workerAtWork(seeded, { SHUTDOWN_GRACE_SECONDS: '0' });
    await first.stop();
    await release();
    // One that had to be killed has no last words.
    expect(first.logTail()).toContain('worker_stopped');
    expect(first.logTail()).not.toContain('"level":"error"');
    const second = installation.process('worker');

    const [job] = await installation.ended(seeded);

    expect(job).toMatchObject({ status: '3', attempts: 2 });
    expect((await resultOf(seeded)).video?.faces.face_present_ratio).toBe(1);
    await second.stop();
  },
  TIMEOUT_MS,
);

test(
  'a job whose process is killed is taken by another one once its silence is noticed',
  async () => {
    const seeded = video('killed');
    const { worker: first, release } = await workerAtWork(seeded, { INTERVIEW_HEARTBEAT_TIMEOUT: '5s' });
    process.kill(-first.groupId, 'SIGKILL');
    await release();
    const second = installation.process('worker');

    const [job] = await installation.ended(seeded);

    expect(job).toMatchObject({ status: '3', attempts: 2 });
    await installation.told(seeded, 'interview.completed');
    expect(await installation.differences(all)).toEqual([]);
    await second.stop();
  },
  TIMEOUT_MS,
);

test(
  'a video in time chunks of two processes has the measures of one that was taken whole',
  async () => {
    const [whole, chunked] = [video('whole'), video('chunked')];
    // From a file in the scratch folder, besides.
    const first = installation.process('worker', { ENABLE_STREAMING_PROCESSING: 'false' });
    await seed(whole);
    await installation.ended(whole);
    await first.stop();
    const workers = [installation.process('worker', CHUNKED), installation.process('worker', CHUNKED)];
    await seed(chunked);
    await installation.ended(chunked);

    const [ofWhole, ofChunks] = [await resultOf(whole), await resultOf(chunked)];
    expect(ofChunks.video).toEqual(ofWhole.video);
    expect(ofChunks.speech).toEqual(ofWhole.speech);
    expect(ofChunks.series).toEqual(ofWhole.series);
    await Promise.all(workers.map((worker) => worker.stop()));
  },
  TIMEOUT_MS,
);

test('no history holds an id, a key, or what was measured', async () => {
  const { client, env } = installation;
  const { jobs, results } = await installation.world();
  expect(results.length).toBeGreaterThan(2);
  const secrets = [
    ...jobs.flatMap(({ interview_id: id, key }) => [id, key]),
    'face_present_ratio',
    'speech_seconds',
  ];
  let looked = 0;
  for await (const run of client.workflow.list({ query: `TaskQueue = "${env['TASK_QUEUE']}-interviews"` })) {
    const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    const text = JSON.stringify(events, (_, value: unknown) =>
      value instanceof Uint8Array || isBuffer(value) ? Buffer.from(bytesOf(value)).toString('utf8') : value,
    );
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(JSON.stringify(run.memo ?? {}) + run.workflowId).not.toMatch(/interview-[0-9a-f]{8}-/);
    looked += 1;
  }
  expect(looked).toBeGreaterThanOrEqual(8);
});

/** `JSON.stringify` has called a Buffer's `toJSON` by then. */
function isBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

function bytesOf(value: Uint8Array | { data: number[] }): Uint8Array | number[] {
  return value instanceof Uint8Array ? value : value.data;
}

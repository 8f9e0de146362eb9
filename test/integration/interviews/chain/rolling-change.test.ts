import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { jobWorkflowId } from '#vachan/pipelines/interviews/contract/names.js';
import { completed } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder } from '#tools/interviews/media/known-media.js';
import type { SeededInterview } from '#tools/interviews/seeded-interview.js';
import type { GuardedProcess } from '#tools/stack/guarded-process.js';
import { until } from '../../../until.js';
import { setCurrent } from '../../current-build.js';
import { freshName } from '../../embedded-stack.js';
import { startHoldingStore, type HoldingStore } from './holding-store.js';
import { createInterviewsInstallation, type InterviewsInstallation } from './interviews-installation.js';

const STORY_MS = 240_000;
const deployment = freshName('deployment');
/** Chunks of four seconds; what one process has begun is given back as soon as it is told to stop. */
const WORKER = {
  CHUNKED_FILE_SIZE_THRESHOLD_MB: '0',
  STREAMING_CHUNK_SIZE_MB: '1',
  INTERVIEW_CHUNK_LEAST: '4s',
  SHUTDOWN_GRACE_SECONDS: '0',
  S3_SOCK_READ_TIMEOUT_SECONDS: '200',
  S3_TIMEOUT_SECONDS: '200',
};
/** The medium is read once for its index, in two blocks; what is held is the hearing, and its chunks. */
const READS_OF_INDEX = 2;

const interview = (kind: string, isLate: boolean): SeededInterview => ({
  ...{ kind, id: `interview-${randomUUID()}`, saysHowMany: true },
  media: [
    {
      ...{ type: 'video', door: 'insert', key: `rolling/${randomUUID()}`, isLate },
      content: { file: join(mediaFolder(), 'labelled/h04_head_turns_mediarecorder.webm') },
      outcome: completed({ 'video.faces.face_present_ratio': [1, 1] }),
    },
  ],
});

let installation: InterviewsInstallation;
beforeAll(async () => {
  installation = await createInterviewsInstallation();
}, STORY_MS);
afterAll(() => installation.close(), STORY_MS);

/** A build's two processes; its orchestrator gets all workflows from now on. */
async function roll(
  build: 'old' | 'new',
  worker: Record<string, string> = {},
): Promise<Record<'orchestrator' | 'worker', GuardedProcess>> {
  const versioned = { WORKER_DEPLOYMENT_NAME: deployment, WORKER_BUILD_ID: build };
  const started = {
    orchestrator: installation.process('orchestrator', versioned),
    worker: installation.process('worker', { ...WORKER, ...versioned, ...worker }),
  };
  await setCurrent(installation.client, deployment, build);
  return started;
}

/** A way to the store on which a worker gets no further than the index. */
async function holding(): Promise<HoldingStore & { env: Record<string, string> }> {
  const store = await startHoldingStore(installation.endpoints.aws.endpointUrl, READS_OF_INDEX);
  return Object.assign(store, { env: { AWS_ENDPOINT_URL: store.url } });
}

/** Stops a build's processes in the middle of what they do, as one that is replaced or taken back. */
async function leave(
  { orchestrator, worker }: Awaited<ReturnType<typeof roll>>,
  store: HoldingStore,
): Promise<void> {
  await until(() => {
    if (worker.hasExited()) throw new Error(worker.logTail());
    return store.held > 0;
  });
  await Promise.all([orchestrator.stop(), worker.stop()]);
  await store.close();
  expect(worker.logTail()).not.toContain('"level":"error"');
  expect(orchestrator.logTail()).not.toContain('"level":"error"');
}

async function attemptsOf(...interviews: readonly SeededInterview[]): Promise<(number | undefined)[]> {
  const jobs = await installation.jobs();
  return interviews.map(({ id }) => jobs.find((job) => job.interview_id === id)?.attempts);
}

/** Builds that have gone on with a job's workflow, in their order. */
async function buildsOf({ id }: SeededInterview): Promise<string[]> {
  const job = (await installation.jobs()).find((one) => one.interview_id === id)!;
  const { events } = await installation.client.workflow.getHandle(jobWorkflowId(job._id)).fetchHistory();
  const builds = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: done }) =>
      done?.deploymentVersion?.buildId ?? done?.workerDeploymentVersion?.split(/[.:]/).at(-1) ?? [],
  );
  return builds.filter((build, at) => build !== builds[at - 1]);
}

test(
  'jobs go on with a new build, and with the old one again where the new one is taken back',
  async () => {
    const [begun, late] = [interview('begun', false), interview('late', true)];
    const first = await holding();
    const old = await roll('old', first.env);
    await installation.seed(begun, late);
    await leave(old, first);

    const second = await holding();
    const fresh = await roll('new', second.env);
    const [medium] = late.media;
    await installation.arrive(medium!, medium!.content!);
    await until(async () => {
      const attempts = await attemptsOf(begun, late);
      return attempts[0] === 2 && attempts[1] === 1;
    });
    await leave(fresh, second);

    await roll('old');
    const jobs = await installation.ended(begun, late);

    expect(jobs.map(({ status }) => status)).toEqual(['3', '3']);
    // Those that ended with their process, which counts for no failure.
    expect(await attemptsOf(begun, late)).toEqual([3, 2]);
    for (const one of [begun, late]) await installation.told(one, 'interview.completed');
    expect(await installation.differences([begun, late])).toEqual([]);
    expect(await buildsOf(begun)).toEqual(['old', 'new', 'old']);
    expect(await buildsOf(late)).toEqual(['old', 'new', 'old']);
  },
  STORY_MS,
);

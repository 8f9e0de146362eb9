import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { JOB_STATUS } from '#vachan/pipelines/interviews/contract/job.js';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import {
  interviewsProcessEnvironment,
  newWebhookSecret,
  tellingSettings,
} from '#tools/demo/interviews/interviews-processes.js';
import { insertJobs } from '#tools/interviews/insert-jobs.js';
import { judgeInterviews } from '#tools/interviews/interviews-verdict.js';
import {
  readInterviewsWorld,
  readJobs,
  type FoundJob,
  type InterviewsWorld,
} from '#tools/interviews/read-world.js';
import type { Content, SeededInterview, SeededMedium } from '#tools/interviews/seeded-interview.js';
import { notifyOfObject, uploadMedium } from '#tools/interviews/upload-medium.js';
import { awsClientOptions } from '#tools/stack/aws.js';
import { projectRoot } from '#tools/stack/folders.js';
import { spawnGuarded, type GuardedProcess } from '#tools/stack/guarded-process.js';
import type { InterviewsEndpoints } from '#tools/stack/interviews.js';
import {
  startReceiver,
  type ReceivedEvent,
  type WebhookReceiver,
} from '#tools/webhook-receiver/start-receiver.js';
import { freshFolder, freshInterviews, sqsClient, temporalEndpoints } from '../../embedded-stack.js';
import { until } from '../../../until.js';

const LOOK_EVERY_MS = 200;

/** A bucket, a queue, a database, a receiver of webhooks and processes that nothing else uses. */
export interface InterviewsInstallation {
  endpoints: InterviewsEndpoints;
  env: Readonly<Record<string, string>>;
  client: Client;
  receiver: WebhookReceiver;
  process: (mode: 'all' | 'orchestrator' | 'worker', env?: Record<string, string>) => GuardedProcess;
  /** Puts an object where a medium is meant to be. */
  upload: (medium: Pick<SeededMedium, 'key'>, content: Content) => Promise<void>;
  /** As `upload`, and S3 tells of it. */
  arrive: (medium: Pick<SeededMedium, 'key'>, content: Content) => Promise<void>;
  /** Uploads what is there from the beginning, and inserts the jobs. */
  seed: (...interviews: readonly SeededInterview[]) => Promise<void>;
  jobs: () => Promise<FoundJob[]>;
  /** All jobs of these, once each has ended. */
  ended: (...interviews: readonly SeededInterview[]) => Promise<FoundJob[]>;
  /** What the receiver has taken, once it has: an event of this type of the interview. */
  told: (interview: SeededInterview, type: string) => Promise<ReceivedEvent>;
  world: () => Promise<InterviewsWorld>;
  /** What is not as it must be. */
  differences: (interviews: readonly SeededInterview[]) => Promise<string[]>;
  close: () => Promise<void>;
}

export async function createInterviewsInstallation(): Promise<InterviewsInstallation> {
  const { endpoints, env: stackEnv } = await freshInterviews();
  const folder = freshFolder();
  const secret = newWebhookSecret();
  const receiver = await startReceiver({ secrets: [secret] });
  const env = { ...stackEnv, ...tellingSettings({ url: receiver.url, secret }) };
  const { address, namespace } = temporalEndpoints();
  const connection = await Connection.connect({ address });
  const s3 = new S3Client({ ...awsClientOptions(endpoints.aws), forcePathStyle: true });
  const sqs = sqsClient();
  const processes: GuardedProcess[] = [];
  const etags = new Map<string, string>();

  const put = async ({ key }: Pick<SeededMedium, 'key'>, content: Content) => {
    const object = await uploadMedium({ s3 }, endpoints.bucket, key, content);
    etags.set(key, object.etag);
    return object;
  };
  /** A process that ended by itself would be waited for until the test's time is over. */
  const untilAlive = <Found>(look: () => Promise<Found> | Found) =>
    until(async () => {
      const found = await look();
      if (found !== undefined) return found;
      const dead = processes.find((one) => one.hasExited() && !one.logTail().includes('worker_stopped'));
      if (dead !== undefined && processes.every((one) => one.hasExited())) throw new Error(dead.logTail());
      return undefined;
    }, LOOK_EVERY_MS);
  return {
    ...{ endpoints, env, receiver, client: new Client({ connection, namespace }) },
    process(mode, changes = {}) {
      const started = spawnGuarded({
        name: `interviews, ${mode}`,
        command: process.execPath,
        args: [...WORKER_NODE_FLAGS, join(projectRoot(), 'dist', 'workers', 'main.js')],
        logFile: join(folder, `${mode}-${processes.length}.log`),
        env: { ...interviewsProcessEnvironment(process.env, env), ...changes, SERVICE_MODE: mode },
        cwd: projectRoot(),
      });
      processes.push(started);
      return started;
    },
    async upload(medium, content) {
      await put(medium, content);
    },
    async arrive(medium, content) {
      await notifyOfObject({ sqs }, endpoints, await put(medium, content));
    },
    async seed(...interviews) {
      const all = interviews.flatMap((interview) => interview.media.map((medium) => ({ interview, medium })));
      for (const { medium } of all)
        if (medium.content !== undefined && medium.isLate !== true) await put(medium, medium.content);
      await insertJobs(all, endpoints);
    },
    jobs: () => readJobs(endpoints),
    ended: (...interviews) =>
      untilAlive(async () => {
        const ids = new Set(interviews.map(({ id }) => id));
        const jobs = (await readJobs(endpoints)).filter(({ interview_id: id }) => ids.has(id));
        const wanted = interviews.reduce((sum, { media }) => sum + media.length, 0);
        const areEnded = jobs.every(
          ({ status }) => status === JOB_STATUS.completed || status === JOB_STATUS.failed,
        );
        return areEnded && jobs.length === wanted ? jobs : undefined;
      }),
    told: ({ id }, type) =>
      untilAlive(() =>
        [...receiver.taken.values()].find(
          (event) => event.type === type && event.data['interview_id'] === id,
        ),
      ),
    world: () => readInterviewsWorld(endpoints),
    differences: async (interviews) =>
      judgeInterviews(interviews, {
        world: await readInterviewsWorld(endpoints),
        deliveries: receiver.deliveries,
        etags,
      }),
    async close() {
      await Promise.all(processes.map((one) => one.stop()));
      await connection.close();
      await receiver.stop();
      s3.destroy();
      sqs.destroy();
    },
  };
}

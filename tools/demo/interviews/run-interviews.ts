import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Client, Connection } from '@temporalio/client';
import { findLeaks } from '../../interviews/find-leaks.js';
import { insertJobs } from '../../interviews/insert-jobs.js';
import { judgeInterviews } from '../../interviews/interviews-verdict.js';
import { readInterviewsWorld } from '../../interviews/read-world.js';
import { secretWords, type SeededInterview } from '../../interviews/seeded-interview.js';
import { notifyOfObject, uploadMedium, type UploadedObject } from '../../interviews/upload-medium.js';
import { awsClientOptions } from '../../stack/aws.js';
import type { Environment } from '../../stack/folders.js';
import { startInterviewsStack, type InterviewsStack } from '../../stack/start-stack.js';
import { startReceiver, type WebhookReceiver } from '../../webhook-receiver/start-receiver.js';
import { createFleet } from '../fleet.js';
import { runCourse } from './course.js';
import { interviewsProcessEnvironment, newWebhookSecret, tellingSettings } from './interviews-processes.js';
import { describeCourses, summarize, type InterviewsSummary } from './interviews-report.js';
import { makeLargeMedium } from './large-medium.js';
import { LARGE_INTERVIEW, planInterviews } from './plan-interviews.js';
import { writeReportPage } from './report-page.js';

const PROCESSES = { orchestrator: 1, worker: 2 } as const;

export interface InterviewsDemoOptions {
  /** Ids of interviews; default: all. */
  only?: readonly string[] | undefined;
  /** Of the recording that is analysed in chunks. */
  largeMegabytes: number;
  /** Servers' data and logs. */
  folder: string;
  /** Where the report page goes. */
  reportPath: string;
  environment: Environment;
  /** Of its processes, beside the demo's own. */
  settings?: Readonly<Record<string, string>>;
  log: (line: string) => void;
}

export interface RunningInterviewsDemo {
  /** What the processes run with, and so a command that wants to look at the same things. */
  env: Record<string, string>;
  /** Seeds, runs to the end, and checks. */
  run: () => Promise<InterviewsSummary>;
  /** Ends the processes, then the servers. Any number of calls. */
  stop: () => Promise<void>;
}

/** Starts servers and processes; nothing is seeded yet. */
export async function startInterviewsDemo(options: InterviewsDemoOptions): Promise<RunningInterviewsDemo> {
  const startedAtMs = Date.now();
  const { folder, environment, log } = options;
  const secret = newWebhookSecret();
  const [stack, receiver] = await Promise.all([
    startInterviewsStack({ folder, environment, log }),
    startReceiver({ secrets: [secret] }),
  ]);
  const env = {
    ...stack.env,
    ...tellingSettings({ url: receiver.url, secret }),
    TASK_QUEUE: `vachan_demo_${startedAtMs}`,
    ...options.settings,
  };
  const { interviews: endpoints, temporal } = stack.endpoints;
  const fleet = createFleet(interviewsProcessEnvironment(environment, env), folder);
  for (const role of ['orchestrator', 'worker'] as const)
    for (let number = 1; number <= PROCESSES[role]; number += 1) fleet.start(role, `${role}-${number}`);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const s3 = new S3Client({ ...awsClientOptions(endpoints.aws), forcePathStyle: true });
  const sqs = new SQSClient(awsClientOptions(endpoints.aws));

  const run = async (): Promise<InterviewsSummary> => {
    const isWanted = (id: string): boolean => options.only?.includes(id) !== false;
    const large = isWanted(LARGE_INTERVIEW)
      ? await makeLargeMedium(options.largeMegabytes, folder)
      : undefined;
    const interviews = planInterviews(large).filter(({ id }) => isWanted(id));
    const etags = new Map<string, string>();
    const announced: UploadedObject[] = [];
    for (const { key, content, isLate, door } of interviews.flatMap(({ media }) => media)) {
      if (content === undefined || isLate === true) continue;
      const object = await uploadMedium({ s3 }, endpoints.bucket, key, content);
      etags.set(key, object.etag);
      if (door === 's3_event') announced.push(object);
    }
    log(`Seeded ${interviews.length} interviews: ${interviews.map(({ kind }) => kind).join('; ')}`);
    const begunAtMs = Date.now();
    await insertJobs(inOrder(interviews), endpoints);
    for (const object of announced) await notifyOfObject({ sqs }, endpoints, object);
    await runCourse(interviews, { client, s3, sqs, fleet, receiver, endpoints, etags, log });
    const runSeconds = (Date.now() - begunAtMs) / 1000;
    const world = await readInterviewsWorld(endpoints);
    const { deliveries } = receiver;
    for (const line of describeCourses(interviews, world, { deliveries })) log(line);
    const page = await writeReportPage(interviews, { env, path: options.reportPath });
    const leaks = await findLeaks(
      {
        ...{ client, taskQueue: env.TASK_QUEUE },
        logs: { folder, isLog: (name) => /^(orchestrator|worker)-.*\.log$/.test(name) },
      },
      secretWords(interviews),
    );
    return summarize(interviews, world, {
      ...{ deliveries, runSeconds, reportPage: page !== undefined && 'path' in page ? page.path : undefined },
      wallSeconds: (Date.now() - startedAtMs) / 1000,
      differences: [
        ...judgeInterviews(interviews, { world, deliveries, etags }),
        ...leaks,
        ...(page !== undefined && 'problem' in page ? [page.problem] : []),
      ],
      endpoints: endpointsOf(stack, receiver),
    });
  };
  return {
    ...{ env, run },
    stop: async () => {
      s3.destroy();
      sqs.destroy();
      await connection.close();
      await fleet.stop();
      await receiver.stop();
      await stack.stop();
    },
  };
}

/** Jobs that the application inserts; the large one first, so that the others end beside it. */
function inOrder(
  interviews: readonly SeededInterview[],
): { interview: SeededInterview; medium: SeededInterview['media'][number] }[] {
  const sorted = [...interviews].sort(
    (a, b) => Number(b.id === LARGE_INTERVIEW) - Number(a.id === LARGE_INTERVIEW),
  );
  return sorted
    .flatMap((interview) => interview.media.map((medium) => ({ interview, medium })))
    .filter(({ medium }) => medium.door === 'insert');
}

function endpointsOf({ endpoints }: InterviewsStack, receiver: WebhookReceiver): Record<string, string> {
  const { temporal, interviews } = endpoints;
  return {
    ...(temporal.uiUrl !== undefined && { temporal_ui: temporal.uiUrl }),
    s3: interviews.aws.endpointUrl,
    bucket: interviews.bucket,
    queue: interviews.jobs.queueUrl,
    mongo: interviews.mongo.uri,
    webhooks: receiver.url,
  };
}

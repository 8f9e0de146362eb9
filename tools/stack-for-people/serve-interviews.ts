import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { insertJobs } from '../interviews/insert-jobs.js';
import { mediaFolder } from '../interviews/media/known-media.js';
import { labelledMedium, LABELLED } from '../interviews/media/labelled-media.js';
import type { SeededInterview } from '../interviews/seeded-interview.js';
import { uploadMedium } from '../interviews/upload-medium.js';
import { newWebhookSecret, tellingSettings } from '../demo/interviews/interviews-processes.js';
import { KEY_PATTERN } from '../demo/interviews/plan-interviews.js';
import { awsClientOptions } from '../stack/aws.js';
import type { InterviewsEndpoints } from '../stack/interviews.js';
import { orStop } from '../stack/or-stop.js';
import { startInterviewsStack } from '../stack/start-stack.js';
import { startReceiver, type WebhookReceiver } from '../webhook-receiver/start-receiver.js';
import type { ServedStack, ServeOptions } from './served-stack.js';

const INTERVIEW = 'demo';

/** Temporal, SQS, S3 and MongoDB, a receiver of webhooks in this process, and one interview, `demo`, with its recording. */
export async function serveInterviews({ folder, log }: ServeOptions): Promise<ServedStack> {
  const secret = newWebhookSecret();
  const stack = await startInterviewsStack({ folder, usualPorts: true, log });
  const receiver = await orStop(startReceiver({ secrets: [secret] }), stack.stop);
  const { temporal, interviews } = stack.endpoints;
  const stop = async (): Promise<void> => {
    await receiver.stop();
    await stack.stop();
  };
  await orStop(seed(interviews), stop);
  const watching = watch(receiver, log);
  return {
    env: {
      ...{ PIPELINES: 'interviews', ...stack.env, ...tellingSettings({ url: receiver.url, secret }) },
      ...{ INTERVIEW_KEY_PATTERN: KEY_PATTERN, INTERVIEW_SETTLE_SECONDS: '3', QUEUE_CHECK_INTERVAL: '2' },
      READINESS_CHECK_INTERVAL: '2s',
      HTTP_API_TOKEN: randomBytes(24).toString('hex'),
    },
    how: stack.how,
    rows: [
      ['Temporal', `${temporal.address}, namespace ${temporal.namespace}`],
      ['Temporal Web UI', temporal.uiUrl],
      ['MongoDB', `${interviews.mongo.uri}, database ${interviews.mongo.database}`],
      ['S3', `${interviews.aws.endpointUrl}, bucket ${interviews.bucket}; it sends no events of new objects`],
      ['Queue', interviews.jobs.queueUrl],
      ['  dead-letter messages', interviews.jobs.deadLetterQueueUrl],
      ['Webhooks', `${receiver.url}, shown here as they come`],
    ],
    hint:
      '.stack.env tells `npm run worker` and `npx vachan` where it is: ' +
      `start a worker in another shell, then \`npx vachan interviews status ${INTERVIEW}\`. ` +
      `Another one: \`curl -T FILE ${interviews.aws.endpointUrl}/${interviews.bucket}/KEY\`, then ` +
      `\`npx vachan interviews add ID s3://${interviews.bucket}/KEY\`.`,
    stop: async () => {
      clearInterval(watching);
      await stop();
    },
  };
}

async function seed(endpoints: InterviewsEndpoints): Promise<void> {
  const { file, outcomes } = labelledMedium(LABELLED[1]);
  const key = `uploads/${INTERVIEW}/video/interview.mp4`;
  const content = { file: join(mediaFolder(), file) };
  const medium = { type: 'video', door: 'insert', key, content, outcome: outcomes.video! } as const;
  const interview: SeededInterview = { kind: 'demo', id: INTERVIEW, media: [medium], saysHowMany: true };
  const s3 = new S3Client({ ...awsClientOptions(endpoints.aws), forcePathStyle: true });
  try {
    await uploadMedium({ s3 }, endpoints.bucket, key, content);
  } finally {
    s3.destroy();
  }
  await insertJobs([{ interview, medium }], endpoints);
}

/** Shows what the receiver is told. */
function watch({ deliveries }: WebhookReceiver, log: (line: string) => void): NodeJS.Timeout {
  let shown = 0;
  return setInterval(() => {
    for (const { event, answered, webhookId } of deliveries.slice(shown))
      log(`Webhook ${webhookId}: ${event?.type ?? 'unreadable'}, answered ${answered}`);
    shown = deliveries.length;
  }, 500);
}

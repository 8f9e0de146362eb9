import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { completed } from '#tools/interviews/media/expected-outcome.js';
import { mediaFolder } from '#tools/interviews/media/known-media.js';
import type { SeededInterview, SeededMedium } from '#tools/interviews/seeded-interview.js';
import { until } from '../../../until.js';
import { sqsClient } from '../../embedded-stack.js';
import { awsRecorder, type AwsRecorder, type NeededPermission } from '../../shared/security/aws-recorder.js';
import { allowed, compare } from '../../shared/security/role-policy.js';
import {
  createInterviewsInstallation,
  type InterviewsInstallation,
} from '../chain/interviews-installation.js';

/** What a short run in which nothing goes wrong does not need: leases to be extended, and the series of recordings of a day's length. */
const RARELY = ['sqs:ChangeMessageVisibility', 's3:PutObject', 's3:DeleteObject'];
/** A worker looks at a recording that was there a moment ago. */
const RARELY_OF_WORKERS = [...RARELY, 's3:ListBucket'];
const SERIES = { bucket: 'series-of-nobody', folder: 'series' };

let installation: InterviewsInstallation;
const recorders: AwsRecorder[] = [];
beforeAll(async () => {
  installation = await createInterviewsInstallation();
});
afterAll(async () => {
  await installation.close();
  await Promise.all(recorders.map((one) => one.close()));
});

/** A process of a role whose calls of S3 and SQS are written down. */
async function start(mode: 'orchestrator' | 'worker'): Promise<() => readonly NeededPermission[]> {
  const recorder = await awsRecorder(installation.endpoints.aws.endpointUrl);
  recorders.push(recorder);
  installation.process(mode, {
    AWS_ENDPOINT_URL: recorder.endpointUrl,
    INTERVIEW_SERIES_PREFIX: `s3://${SERIES.bucket}/${SERIES.folder}`,
    READINESS_DEADLINE: '3s',
  });
  return () => recorder.needed;
}

const medium = (file: string | undefined): SeededMedium => ({
  ...{ type: 'audio', door: 'insert', outcome: completed({}), key: `staging/${randomUUID()}` },
  content: file === undefined ? undefined : { file: join(mediaFolder(), file) },
});

test('each role of interviews calls what its policy allows and nothing else, and needs all of it', async () => {
  const [orchestrator, worker] = [await start('orchestrator'), await start('worker')];
  const { bucket, jobs } = installation.endpoints;
  const queue = (url: string): string => url.split('/').at(-1)!;
  const placeholders = {
    JobsQueueArn: queue(jobs.queueUrl),
    JobsDeadLetterQueueArn: queue(jobs.deadLetterQueueUrl),
    MediaBucketArn: bucket,
    SeriesArn: `${SERIES.bucket}/${SERIES.folder}`,
    SeriesBucketArn: SERIES.bucket,
    SeriesPrefix: SERIES.folder,
  };
  const sqs = sqsClient();
  await sqs.send(new SendMessageCommand({ QueueUrl: jobs.queueUrl, MessageBody: 'no message of ours' }));
  sqs.destroy();
  // One of its recordings never comes.
  const seeded: SeededInterview = {
    ...{ kind: 'half there', id: `interview-${randomUUID()}`, saysHowMany: true },
    media: [medium('c05_audio_only_live.webm'), medium(undefined)],
  };
  await installation.seed(seeded);
  await installation.told(seeded, 'interview.completed');
  await until(() =>
    orchestrator().some(
      ({ action, resource }) =>
        action === 'sqs:SendMessage' && resource === placeholders.JobsDeadLetterQueueArn,
    ),
  );

  const of = (
    role: string,
    calls: readonly NeededPermission[],
    rarely: readonly string[],
  ): ReturnType<typeof compare> => {
    const { denied, unused } = compare(allowed(role, placeholders), [...calls]);
    const isSeries = (resource: string): boolean => resource.startsWith(SERIES.bucket);
    return {
      denied,
      unused: unused.filter(({ action, resource }) => !rarely.includes(action) && !isSeries(resource)),
    };
  };
  expect({
    orchestrator: of('interviews-orchestrator', orchestrator(), RARELY),
    worker: of('interviews-worker', worker(), RARELY_OF_WORKERS),
  }).toEqual({ orchestrator: { denied: [], unused: [] }, worker: { denied: [], unused: [] } });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vachan } from '../cli/run-vachan.js';
import { embeddedStack, freshBucket, freshFolder } from '../../embedded-stack.js';
import {
  createInstallation,
  endLeftInstallations,
  type Installation,
} from '../../recordings/pipeline/installation.js';
import { recording, recordings } from '../../recordings/pipeline/recordings.js';
import { until } from '../../../until.js';
import { TEST_DATE } from '../../recordings/sources/source-documents.js';
import { awsRecorder, type AwsRecorder, type NeededPermission } from './aws-recorder.js';
import { allowed, compare } from './role-policy.js';

jest.setTimeout(240_000);

let installation: Installation;
let resultsBucket: string;
const recorders: AwsRecorder[] = [];

beforeAll(async () => {
  installation = await createInstallation();
  resultsBucket = await freshBucket();
});
afterAll(async () => {
  await installation.close();
  await endLeftInstallations();
  await Promise.all(recorders.map((one) => one.close()));
});

async function recorder(): Promise<AwsRecorder> {
  const one = await awsRecorder(embeddedStack().endpoints.aws.endpointUrl);
  recorders.push(one);
  return one;
}

function expectExactly(role: string, needed: readonly NeededPermission[]): void {
  const names = {
    WorkQueueArn: installation.queueUrl.split('/').at(-1)!,
    DeadLetterQueueArn: installation.deadLetterQueueUrl.split('/').at(-1)!,
    RecordingsBucketArn: installation.bucket,
    ResultsBucketArn: resultsBucket,
  };
  expect(compare(allowed(role, names), needed)).toEqual({ denied: [], unused: [] });
}

/** A worker keeps it for a person, which takes a permission of its own. */
const UNREADABLE = 'no message of ours';

test('each role calls what its policy allows and nothing else, and needs all of it', async () => {
  const [orchestrating, inferring, operating] = [await recorder(), await recorder(), await recorder()];
  const csv = `s3://${resultsBucket}/results`;
  const [sound] = recordings(1, installation.bucket);
  const https = `https://${installation.bucket}.s3.ap-south-1.amazonaws.com/samples/truncation.amr?versionId=null`;
  await installation.insert([
    sound!,
    recording(https),
    recording(`s3://${installation.bucket}/uploads/missing.mp3`),
  ]);

  const orchestrator = await installation.worker({
    SERVICE_MODE: 'orchestrator',
    AWS_ENDPOINT_URL: orchestrating.endpointUrl,
    CSV_OUTPUT_PATH: csv,
  });
  const inference = await installation.worker({
    SERVICE_MODE: 'inference',
    AWS_ENDPOINT_URL: inferring.endpointUrl,
    CSV_OUTPUT_PATH: csv,
    MALFORMED_MESSAGES: 'dead-letter',
  });
  await installation.send([UNREADABLE]);
  const run = await installation.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  await run.result();
  for (const worker of [orchestrator, inference]) {
    const url = await worker.healthUrl();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await fetch(`${url}/api/v1/queue/status`);
  }
  expectExactly('orchestrator', orchestrating.needed);
  expectExactly('inference', inferring.needed);

  await until(async () => (await installation.world()).deadLetters.length === 2);
  const [moved] = inference.of('message_malformed');
  expect(moved).toMatchObject({ reason: 'not JSON', to: 'dead_letters' });
  await operate(operating.endpointUrl, csv);
  expectExactly('operator', operating.needed);
});

/** Everything a person does with the queue, in order. */
async function operate(endpointUrl: string, csv: string): Promise<void> {
  const file = join(freshFolder(), 'urls.csv');
  writeFileSync(file, `audio_url\ns3://${installation.bucket}/samples/truncation.amr\n`);
  const commands = [
    ['push-audio-urls', file, '--test-date', '2025-12-31'],
    [
      'seed-sqs',
      '--count',
      '1',
      '--audio-url',
      `s3://${installation.bucket}/samples/x.mp3`,
      '--test-date',
      '2025-12-31',
    ],
    ['dlq', 'list'],
    ['dlq', 'redrive'],
  ];
  for (const command of commands) {
    const env = { ...installation.env, AWS_ENDPOINT_URL: endpointUrl, CSV_OUTPUT_PATH: csv };
    const { code, stderr } = await vachan(command, env);
    expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
  }
}

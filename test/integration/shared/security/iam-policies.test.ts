import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { vachan } from '../cli/run-vachan.js';
import { embeddedStack, freshBucket, freshFolder } from '../../embedded-stack.js';
import { createNight, endLeftNights, type Night } from '../../recordings/pipeline/night.js';
import { recording, recordings } from '../../recordings/pipeline/recordings.js';
import { until } from '../queue/until.js';
import { TEST_DATE } from '../../recordings/sources/source-documents.js';
import { awsRecorder, type AwsRecorder, type NeededPermission } from './aws-recorder.js';

jest.setTimeout(240_000);

interface Statement {
  Action: string | string[];
  Resource: string | string[];
}

let night: Night;
let resultsBucket: string;
const recorders: AwsRecorder[] = [];

beforeAll(async () => {
  night = await createNight();
  resultsBucket = await freshBucket();
});
afterAll(async () => {
  await night.close();
  await endLeftNights();
  await Promise.all(recorders.map((one) => one.close()));
});

async function recorder(): Promise<AwsRecorder> {
  const one = await awsRecorder(embeddedStack().endpoints.aws.endpointUrl);
  recorders.push(one);
  return one;
}

/** Every pair of action and resource that the role's policy allows, the placeholders filled in. */
function allowed(role: string): NeededPermission[] {
  const text = readFileSync(join(projectRoot(), 'infra', 'iam', `${role}.json`), 'utf8')
    .replaceAll('${WorkQueueArn}', night.queueUrl.split('/').at(-1) ?? '')
    .replaceAll('${DeadLetterQueueArn}', night.deadLetterQueueUrl.split('/').at(-1) ?? '')
    .replaceAll('${RecordingsBucketArn}', night.bucket)
    .replaceAll('${ResultsBucketArn}', resultsBucket);
  const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource }))),
  );
}

const covers = (permission: NeededPermission, call: NeededPermission): boolean =>
  permission.action === call.action &&
  (permission.resource.endsWith('/*')
    ? call.resource.startsWith(permission.resource.slice(0, -1))
    : call.resource === permission.resource);

function expectExactly(role: string, needed: readonly NeededPermission[]): void {
  const policy = allowed(role);
  const denied = needed.filter((call) => !policy.some((permission) => covers(permission, call)));
  const unused = policy.filter((permission) => !needed.some((call) => covers(permission, call)));
  expect({ denied, unused }).toEqual({ denied: [], unused: [] });
}

/** A worker keeps it for a person, which takes a permission of its own. */
const UNREADABLE = 'no message of ours';

test('each role calls what its policy allows and nothing else, and needs all of it', async () => {
  const [orchestrating, inferring, operating] = [await recorder(), await recorder(), await recorder()];
  const csv = `s3://${resultsBucket}/nights`;
  const [sound] = recordings(1, night.bucket);
  const https = `https://${night.bucket}.s3.ap-south-1.amazonaws.com/samples/truncation.amr?versionId=null`;
  await night.insert([sound!, recording(https), recording(`s3://${night.bucket}/uploads/missing.mp3`)]);

  const orchestrator = await night.worker({
    SERVICE_MODE: 'orchestrator',
    AWS_ENDPOINT_URL: orchestrating.endpointUrl,
    CSV_OUTPUT_PATH: csv,
  });
  const inference = await night.worker({
    SERVICE_MODE: 'inference',
    AWS_ENDPOINT_URL: inferring.endpointUrl,
    CSV_OUTPUT_PATH: csv,
    MALFORMED_MESSAGES: 'dead-letter',
  });
  await night.send([UNREADABLE]);
  const run = await night.start('discoveryWorkflow', { test_date: TEST_DATE, mode: 'backfill' });
  await run.result();
  for (const worker of [orchestrator, inference]) {
    const url = await worker.healthUrl();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await fetch(`${url}/api/v1/queue/status`);
  }
  expectExactly('orchestrator', orchestrating.needed);
  expectExactly('inference', inferring.needed);

  await until(async () => (await night.deadLetters()).length === 2);
  const [moved] = inference.of('message_malformed');
  expect(moved).toMatchObject({ reason: 'not JSON', to: 'dead_letters' });
  await operate(operating.endpointUrl, csv);
  expectExactly('operator', operating.needed);
});

/** Everything a person does with the queue, in order. */
async function operate(endpointUrl: string, csv: string): Promise<void> {
  const file = join(freshFolder(), 'urls.csv');
  writeFileSync(file, `audio_url\ns3://${night.bucket}/samples/truncation.amr\n`);
  const commands = [
    ['push-audio-urls', file, '--test-date', '2025-12-31'],
    [
      'seed-sqs',
      '--count',
      '1',
      '--audio-url',
      `s3://${night.bucket}/samples/x.mp3`,
      '--test-date',
      '2025-12-31',
    ],
    ['dlq', 'list'],
    ['dlq', 'redrive'],
  ];
  for (const command of commands) {
    const env = { ...night.env, AWS_ENDPOINT_URL: endpointUrl, CSV_OUTPUT_PATH: csv };
    const { code, stderr } = await vachan(command, env);
    expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
  }
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import { parseMessage } from '../../../../src/pipelines/recordings/contract/message.js';
import type { Finding } from '../../../../src/commands/finding.js';
import { freshFolder, freshQueue, sqsClient } from '../../embedded-stack.js';
import { vachan } from './run-vachan.js';

const SAMPLES = join(__dirname, '..', '..', '..', '..', 'samples');
const sample = (name: string): string => join(SAMPLES, name);

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('messages, from the shell', () => {
  test('reach the queue as the contract has them', async () => {
    const { queueUrl } = await freshQueue();
    const csv = join(freshFolder(), 'recordings.csv');
    writeFileSync(csv, 'audio_url\ns3://recordings/a.mp3\nnowhere\n');
    const push = ['push-audio-urls', csv, '--test-date', '2025-12-20', '--queue-url', queueUrl, '--json'];
    const { code, stdout } = await vachan(push);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 1, not_sent: [{ line: 3 }] });

    const sqs = sqsClient();
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    sqs.destroy();
    expect(messages.map(({ Body: body }) => parseMessage(body ?? ''))).toMatchObject([
      { ok: true, message: { audio_s3_url: 's3://recordings/a.mp3', test_date: '2025-12-20' } },
    ]);
  });

  test('say in one line that the queue does not exist', async () => {
    const { queueUrl } = await freshQueue();
    const args = ['seed-sqs', '--audio-url', 's3://recordings/a.mp3', '--test-date', '2025-12-20'];
    const { code, stderr } = await vachan([...args, '--queue-url', `${queueUrl}-not`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vachan: queue URL .*-not does not exist.*\n$/);
  });
});

describe('local recordings, from the shell', () => {
  test('are scored, the unusable ones beside the others', async () => {
    const files = [sample('mr-story-1.wav'), sample('corrupt.mp3'), sample('silence.wav')];
    const { code, stdout } = await vachan(['score', '--json', ...files]);
    expect(code).toBe(1);
    const [reading, corrupt, silence] = jsonLines(stdout);
    expect(Object.keys(reading ?? {})).toEqual([
      'file',
      'is_anomaly',
      'anomaly_score',
      'prediction_label',
      'threshold',
      'reasons',
    ]);
    expect(corrupt).toEqual({
      file: files[1],
      error: expect.stringMatching(/^AudioUndecodable: /) as string,
    });
    expect(silence).toMatchObject({ is_anomaly: true, prediction_label: 'anomaly' });
  });

  test('show their features by name', async () => {
    const { code, stdout } = await vachan(['features', '--json', sample('hi-words-1.m4a')]);
    expect(code).toBe(0);
    const [line] = jsonLines(stdout);
    expect(Object.keys(line?.['features'] as object)).toEqual(FEATURE_NAMES);
  });
});

describe('vachan doctor, from the shell', () => {
  const findingsIn = (stdout: string): Finding[] => (JSON.parse(stdout) as { findings: Finding[] }).findings;

  test('finds nothing wrong with the stack', async () => {
    const { code, stdout } = await vachan(['doctor', '--json']);
    expect(findingsIn(stdout).filter(({ status }) => status === 'problem')).toEqual([]);
    expect(code).toBe(0);
    const checked = new Set(findingsIn(stdout).map(({ check }) => check));
    for (const check of [
      'Temporal',
      'Source',
      'SQS permissions',
      'Dead-letter messages',
      'Model',
      'MongoDB',
    ]) {
      expect(checked).toContain(check);
    }
  });

  test('names each server that does not answer, and no secret', async () => {
    const { code, stdout } = await vachan(['doctor', '--json'], {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      MONGO_URI: 'mongodb://reader:hidden@127.0.0.1:1/?serverSelectionTimeoutMS=500',
      DISCOVERY_SOURCE_TYPE: 'mongo',
      MODEL_PATH: '/nowhere',
    });
    expect(code).toBe(1);
    const problems = findingsIn(stdout).filter(({ status }) => status === 'problem');
    expect(problems.map(({ check }) => check)).toEqual([
      'Temporal',
      'Source',
      'SQS queue',
      'Model',
      'MongoDB',
    ]);
    expect(problems.every(({ todo }) => todo !== undefined)).toBe(true);
    expect(stdout).not.toContain('hidden');
  });

  test('finds that a Postgres table lacks a column', async () => {
    const { stdout } = await vachan(['doctor', '--json'], { POSTGRES_COLUMNS: 'student_id=pupil' });
    expect(findingsIn(stdout)).toContainEqual(
      expect.objectContaining({
        check: 'Source',
        status: 'problem',
        detail: expect.stringMatching(/pupil/) as string,
      }),
    );
  });
});

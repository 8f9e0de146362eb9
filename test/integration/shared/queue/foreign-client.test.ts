import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readRecording } from '../../../../src/pipelines/recordings/contract/message.js';
import { readMessages } from '../../../../src/queue/read-messages.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { embeddedStack, freshQueue, sqsClient } from '../../embedded-stack.js';
import { pythonWith } from '../../python-with.js';

const BOTO3 = { name: 'boto3', version: '1.44.5' };
/** The first run installs boto3 from PyPI. */
const FIRST_RUN_MS = 300_000;

const row = {
  source_collection: 'student_assessment_record',
  mongo_doc_id: '665f0c0e8b3e4a0012345678',
  test_date: '2025-12-20',
  record_type: 'teacher_record',
  subject_name: 'वाचन',
  audio_s3_url: 's3://recordings/एक.wav',
  source_updated_at: '2025-12-20T04:00:00.000Z',
  subject_created_at: '2025-12-20T04:00:00.000Z',
  student_id: null,
  udise: null,
  trace_id: 't-1',
  discovered_at: '2025-12-20T20:00:00.000Z',
};

describe('a foreign client', () => {
  let python: string;
  beforeAll(async () => {
    python = await pythonWith(BOTO3);
  }, FIRST_RUN_MS);

  it('written in Python fills the queue with messages that are received and read', async () => {
    const { queueUrl } = await freshQueue();
    const script = join(__dirname, 'send_with_boto3.py');
    const { stdout } = await promisify(execFile)(python, [script, queueUrl, JSON.stringify(row), '23'], {
      env: { ...process.env, ...embeddedStack().env, AWS_DEFAULT_REGION: embeddedStack().env['AWS_REGION'] },
    });
    expect(stdout.trim()).toBe('24');

    const client = sqsClient();
    try {
      const received = await createSqsQueue({ client, url: queueUrl }).receive({
        maxMessages: 24,
        maxWaitSeconds: 10,
        visibilityTimeoutSeconds: 60,
      });
      const { items, malformed } = readMessages(received, readRecording);
      expect(items.map(({ message }) => message.subject_id).sort()).toEqual(
        Array.from({ length: 23 }, (_, index) => `s-${index}`).sort(),
      );
      expect(items.every(({ message }) => message.subject_name === row.subject_name)).toBe(true);
      expect(malformed.map(({ reason }) => reason)).toEqual(['not JSON']);
    } finally {
      client.destroy();
    }
  });
});

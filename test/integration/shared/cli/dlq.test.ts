import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CSV_COLUMNS, type CsvRow } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import {
  buildMessage,
  type RecordingMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import { CSV_HEADER, csvLines } from '../../../../src/pipelines/recordings/results/csv/csv-text.js';
import { queueDepth } from '../../../../tools/demo/world.js';
import { freshBucket, freshFolder, freshQueue, s3Client, sqsClient } from '../../embedded-stack.js';
import { vachan } from './run-vachan.js';

const CHILD = 'child-4711';
const SIGNATURE = 'X-Amz-Signature=secret';

function message(subjectId: string, testDate: string): RecordingMessage {
  const at = `${testDate}T08:00:00.000Z`;
  return buildMessage(
    {
      source_collection: 'student_assessment_record',
      mongo_doc_id: 'doc',
      test_date: testDate,
      record_type: 'teacher_record',
      subject_id: subjectId,
      subject_name: 'वाचन',
      audio_s3_url: `https://bucket.s3.amazonaws.com/${subjectId}.mp3?${SIGNATURE}`,
      source_updated_at: at,
      subject_created_at: at,
      student_id: CHILD,
      udise: '27150000001',
    },
    'trace',
    new Date(at),
  );
}

function failureRow(messageId: string, attempt: number, error: string): CsvRow {
  const empty = Object.fromEntries(CSV_COLUMNS.map((column) => [column, null])) as CsvRow;
  return {
    ...empty,
    message_id: messageId,
    receive_count: attempt,
    error,
    processing_status: 'failed_pre_inference',
    processed_at: `2025-12-20T14:00:0${attempt}.000Z`,
  };
}

interface Letters {
  environment: Record<string, string>;
  queueUrl: string;
  deadLetterQueueUrl: string;
  /** By subject id. */
  ids: Record<string, string>;
  csv: string;
}

let sqs: SQSClient;
beforeAll(() => {
  sqs = sqsClient();
});
afterAll(() => sqs.destroy());

/** Two dates, two causes, one letter that nobody wrote a failure of, and one that is no message. */
async function deadLetters(): Promise<Letters> {
  const { queueUrl, deadLetterQueueUrl } = await freshQueue();
  const bodies: Record<string, string> = {
    missing: JSON.stringify(message('missing', '2025-12-20')),
    cut: JSON.stringify(message('cut', '2025-12-20')),
    other: JSON.stringify(message('other', '2025-12-21')),
    unknown: JSON.stringify(message('unknown', '2025-12-21')),
    foreign: 'what somebody else put there',
  };
  const { Successful: sent = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: deadLetterQueueUrl,
      Entries: Object.entries(bodies).map(([Id, MessageBody]) => ({ Id, MessageBody })),
    }),
  );
  const ids: Record<string, string> = Object.fromEntries(
    sent.map(({ Id, MessageId }) => [Id ?? '', MessageId ?? '']),
  );
  const rows = [
    failureRow(ids['missing'] ?? '', 1, 'AudioDownloadTimeout: no answer'),
    failureRow(ids['missing'] ?? '', 2, 'AudioNotFound: there is no such object'),
    failureRow(ids['cut'] ?? '', 1, 'AudioTruncated: ended after 3 of 30 s'),
    failureRow(randomUUID(), 1, 'AudioEmpty: of another message'),
  ];
  const csv = join(freshFolder(), 'results.csv');
  writeFileSync(csv, CSV_HEADER + csvLines(rows));
  const logs = join(freshFolder(), 'worker.log');
  const line = {
    level: 'warn',
    time: '2025-12-20T14:00:00.000Z',
    event: 'item_failed_pre_inference',
    message_id: ids['other'],
    receive_count: 1,
    error: { name: 'AudioNotFound', message: 'there is no such object' },
  };
  writeFileSync(logs, `not JSON\n${JSON.stringify(line)}\n`);
  const environment = { SQS_QUEUE_URL: queueUrl, CSV_OUTPUT_PATH: csv, LOGS: logs };
  return { environment, queueUrl, deadLetterQueueUrl, ids, csv };
}

interface Listed {
  causes: Record<string, number>;
  dead_letters: { message_id: string }[];
}

describe('dead-letter messages, from the shell', () => {
  test('are listed with their reasons, and stay where they are', async () => {
    const { environment, deadLetterQueueUrl, ids } = await deadLetters();
    const logs = environment['LOGS'] ?? '';
    const { code, stdout } = await vachan(['dlq', 'list', '--logs', logs, '--json'], environment);
    expect(code).toBe(0);
    const listed = JSON.parse(stdout) as Listed;
    expect(listed.causes).toEqual({ AudioNotFound: 2, AudioTruncated: 1, unrecorded: 1, unreadable: 1 });
    const missing = listed.dead_letters.find(({ message_id }) => message_id === ids['missing']);
    expect(missing).toMatchObject({
      cause: 'AudioNotFound',
      recording: { test_date: '2025-12-20', audio_s3_url: 'https://bucket.s3.amazonaws.com/missing.mp3' },
      failures: [{ receive_count: 1 }, { receive_count: 2 }],
    });
    expect(stdout).not.toContain(CHILD);
    expect(stdout).not.toContain(SIGNATURE);
    expect(await queueDepth(sqs, deadLetterQueueUrl)).toEqual({ visible: 5, in_flight: 0, delayed: 0 });

    const table = await vachan(['dlq', 'list', '--test-date', '2025-12-20'], environment);
    expect(table.stdout.trim().split('\n')).toHaveLength(3);
    expect(table.stderr).toContain('2 dead-letter messages of 5 in');
    const shown = await vachan(['dlq', 'show', ids['missing'] ?? ''], environment);
    expect(shown.stdout).toMatch(/failures +1\. .*AudioDownloadTimeout: no answer\n +2\. .*AudioNotFound/);
    const absent = await vachan(['dlq', 'show', 'nobody'], environment);
    expect(absent).toMatchObject({ code: 1, stdout: '' });
  });

  test('have their reasons read from S3 where the CSV is there', async () => {
    const { environment, csv, ids } = await deadLetters();
    const bucket = await freshBucket();
    const s3 = s3Client();
    const Body = CSV_HEADER + csvLines([failureRow(ids['cut'] ?? '', 1, 'AudioEmpty: no bytes')]);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'results/batch.csv', Body }));
    s3.destroy();
    expect(csv).not.toBe('');
    const args = ['dlq', 'list', '--csv', `s3://${bucket}/results`, '--reason', 'audioempty', '--json'];
    const { stdout } = await vachan(args, environment);
    expect((JSON.parse(stdout) as Listed).dead_letters.map(({ message_id }) => message_id)).toEqual([
      ids['cut'],
    ]);
  });

  test('go to their queue again by date and reason, and not in a dry run', async () => {
    const { environment, queueUrl, deadLetterQueueUrl } = await deadLetters();
    const filters = ['--reason', 'AudioNotFound', '--json'];
    const dry = await vachan(['dlq', 'redrive', '--dry-run', ...filters], environment);
    expect(JSON.parse(dry.stdout)).toEqual({ would_send: 1, causes: { AudioNotFound: 1 } });
    expect((await queueDepth(sqs, queueUrl)).visible).toBe(0);

    const real = await vachan(['dlq', 'redrive', ...filters], environment);
    expect(real.code).toBe(0);
    expect(JSON.parse(real.stdout)).toEqual({ sent: 1, looked_at: 5, not_deleted: 0, not_sent: [] });
    expect((await queueDepth(sqs, queueUrl)).visible).toBe(1);

    const rest = await vachan(['dlq', 'redrive'], environment);
    expect(rest.stderr).toContain('3 dead-letter messages of 4 sent');
    // Not Vachan's: a worker would delete it unread.
    expect(await queueDepth(sqs, deadLetterQueueUrl)).toEqual({ visible: 1, in_flight: 0, delayed: 0 });
  });

  test('are deleted only by who says --yes, where nobody can be asked', async () => {
    const { environment, deadLetterQueueUrl } = await deadLetters();
    const asked = await vachan(['dlq', 'purge', '--test-date', '2025-12-21'], environment);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toMatch(/Delete 2 dead-letter messages of .* for good.*say --yes/);
    const purged = await vachan(
      ['dlq', 'purge', '--test-date', '2025-12-21', '--yes', '--json'],
      environment,
    );
    expect(JSON.parse(purged.stdout)).toEqual({ deleted: 2, not_deleted: 0 });
    expect((await queueDepth(sqs, deadLetterQueueUrl)).visible).toBe(3);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { parse } from 'csv-parse/sync';
import type { Db } from 'mongodb';
import { CSV_COLUMNS, type CsvColumn } from '#vachan/pipelines/recordings/contract/csv-row.js';
import { toUtcMidnight } from '#vachan/contract/dates.js';
import type { ResultDocument } from '#vachan/pipelines/recordings/contract/result-document.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import type { World } from './ledger.js';

/** Long enough to read the whole dead-letter queue without meeting a message twice. */
const DEAD_LETTER_VISIBILITY_SECONDS = 120;

export interface WorldSources {
  sqs: SQSClient;
  queueUrl: string;
  deadLetterQueueUrl: string;
  db: Db;
  resultCollection: string;
  testDate: string;
  csvPath: string;
}

/** Reads what a run has left: results of the date, the CSV, both queues. Changes nothing. */
export async function readWorld(sources: WorldSources): Promise<World> {
  const results = sources.db
    .collection<ResultDocument>(sources.resultCollection)
    .find({ 'source.test_date': toUtcMidnight(sources.testDate) }, { projection: { updated_at: 1 } });
  return {
    results: (await results.toArray()).map(({ _id, updated_at: at }) => ({ _id, updatedAtMs: at.getTime() })),
    csvRows: existsSync(sources.csvPath) ? readCsv(readFileSync(sources.csvPath, 'utf8')) : [],
    queue: await queueDepth(sources.sqs, sources.queueUrl),
    deadLetters: await readDeadLetters(sources.sqs, sources.deadLetterQueueUrl),
  };
}

/** @throws Error when the header is not the contract's, or a row has another number of cells */
export function readCsv(text: string): Record<CsvColumn, string>[] {
  const [header, ...rows] = parse(text, { relax_column_count: false });
  if (header?.join() !== CSV_COLUMNS.join())
    throw new Error(`the CSV's header is ${header?.join() ?? 'missing'}`);
  return rows.map(
    (cells) =>
      Object.fromEntries(CSV_COLUMNS.map((column, index) => [column, cells[index] ?? ''])) as Record<
        CsvColumn,
        string
      >,
  );
}

/** The queue's three counts. */
export async function queueDepth(sqs: SQSClient, queueUrl: string): Promise<QueueDepth> {
  const { Attributes: counts = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    visible: Number(counts.ApproximateNumberOfMessages ?? 0),
    in_flight: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

/** Bodies of the messages of a dead-letter queue, which stay there. */
export async function readDeadLetters(sqs: SQSClient, queueUrl: string): Promise<string[]> {
  const read = new Map<string, { body: string; receiptHandle: string }>();
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        // A short poll may miss messages on a real SQS.
        WaitTimeSeconds: 1,
        VisibilityTimeout: DEAD_LETTER_VISIBILITY_SECONDS,
      }),
    );
    if (messages.length === 0) break;
    for (const { MessageId: id = '', Body: body = '', ReceiptHandle: receiptHandle = '' } of messages) {
      read.set(id, { body, receiptHandle });
    }
  }
  // Given back, so that a person finds them there.
  await Promise.all(
    [...read.values()].map(({ receiptHandle }) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }),
      ),
    ),
  );
  return [...read.values()].map(({ body }) => body);
}

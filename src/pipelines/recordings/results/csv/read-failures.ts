import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse';
import type { CsvColumn } from '../../contract/csv-row.js';
import { DependencyUnavailable, InvalidInput } from '../../../../platform/errors.js';
import type { RecordedFailure } from '../../../../commands/dead-letters/dead-letter-view.js';
import { csvText } from './csv-text.js';

/** The failures of each message, as the CSV or a worker's log tells, by `message_id`, earlier deliveries first. */
export type FailureRecord = Map<string, RecordedFailure[]>;

/** Adds a failure, unless the delivery's is known already (the CSV and a log tell of the same one). */
export function addFailure(record: FailureRecord, messageId: string, failure: RecordedFailure): void {
  const known = record.get(messageId) ?? [];
  if (known.some(({ receive_count }) => receive_count === failure.receive_count)) return;
  known.push(failure);
  known.sort((a, b) => a.receive_count - b.receive_count);
  record.set(messageId, known);
}

/**
 * Reads the failed deliveries out of the CSV that `CSV_OUTPUT_PATH` names, row by row; only these stay in memory.
 *
 * @param since objects in S3 that were not touched after it are left unread
 * @throws InvalidInput when a file is not there or cannot be read
 * @throws DependencyUnavailable when S3 does not answer
 */
export async function readCsvFailures(
  csvPath: string,
  record: FailureRecord,
  { s3, since }: { s3: () => S3Client; since: Date | undefined },
): Promise<void> {
  for await (const text of csvTexts(csvPath, s3, since)) {
    try {
      await readFailures(text, record);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is no such file' : (code ?? message);
      throw new InvalidInput(`The CSV ${csvPath} cannot be read: ${why}.`, { cause: error });
    }
  }
}

async function* csvTexts(
  csvPath: string,
  s3: () => S3Client,
  since: Date | undefined,
): AsyncGenerator<Readable> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(csvPath) ?? [];
  if (bucket === undefined) {
    yield createReadStream(csvPath);
    return;
  }
  const client = s3();
  try {
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
    for await (const { Contents: objects = [] } of pages) {
      for (const { Key: key, LastModified: modified } of objects) {
        if (key?.endsWith('.csv') !== true) continue;
        if (since !== undefined && modified !== undefined && modified < since) continue;
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (body !== undefined) yield body as Readable;
      }
    }
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new DependencyUnavailable(`S3 could not read ${csvPath}: ${name}`, { cause: error });
  }
}

async function readFailures(text: Readable, record: FailureRecord): Promise<void> {
  const parser = parse({ columns: true, bom: true, relax_column_count: true, skip_records_with_error: true });
  pipeline(text, parser, () => undefined);
  for await (const row of parser as AsyncIterable<Partial<Record<CsvColumn, string>>>) {
    const { processing_status, message_id, error = '', receive_count, processed_at = '' } = row;
    if (processing_status !== 'failed_pre_inference' || message_id === undefined) continue;
    addFailure(record, csvText(message_id), {
      receive_count: Number(receive_count),
      error: csvText(error),
      processed_at,
    });
  }
}

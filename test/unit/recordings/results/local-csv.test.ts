import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { intentOf, writeIntent } from '../../../../src/pipelines/recordings/results/csv/append-intent.js';
import { csvLines } from '../../../../src/pipelines/recordings/results/csv/csv-text.js';
import { createLocalCsv } from '../../../../src/pipelines/recordings/results/csv/local-csv.js';
import { csvRows } from './deliveries.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-csv-'));
  path = join(folder, 'below', 'results.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

const messageIds = () =>
  parse<{ message_id: string }>(readFileSync(path, 'utf8'), { columns: true, record_delimiter: '\n' }).map(
    (row) => row.message_id,
  );

test('batches of concurrent appends follow one header, and nothing else is left in the folder', async () => {
  const csv = createLocalCsv(path);
  await Promise.all(Array.from({ length: 10 }, (_, i) => csv.append(`batch-${i}`, csvRows(5, `b${i}`))));
  expect(messageIds()).toHaveLength(50);
  expect(readFileSync(path, 'utf8').match(/result_document_id/g)).toHaveLength(1);
  expect(readdirSync(join(folder, 'below'))).toEqual(['results.csv']);
});

test('a retried step writes no delivery twice; a redelivery has a row of its own', async () => {
  const csv = createLocalCsv(path);
  const rows = csvRows(3);
  expect(await csv.append('batch', rows)).toEqual({ written: 3, repeated: 0 });
  expect(await csv.append('batch', [...rows, ...csvRows(1, 'new')])).toEqual({ written: 1, repeated: 3 });
  expect(await csv.append('batch', [{ ...rows[0]!, receive_count: 2 }])).toEqual({ written: 1, repeated: 0 });
  expect(messageIds()).toEqual(['message-0', 'message-1', 'message-2', 'new-0', 'message-0']);
});

async function leaveTornAppend(bytesWritten: number): Promise<void> {
  const bytes = Buffer.from(csvLines(csvRows(2, 'torn')));
  const { ino, size } = statSync(path);
  await writeIntent(path, intentOf(ino, size, bytes));
  appendFileSync(path, bytes.subarray(0, bytesWritten));
}

test.each([0, 1, 100, 333])(
  'an append torn after %d bytes is taken back by the next',
  async (bytesWritten) => {
    await createLocalCsv(path).append('first', csvRows(2, 'first'));
    await leaveTornAppend(bytesWritten);
    await createLocalCsv(path).append('next', csvRows(1, 'next'));
    expect(messageIds()).toEqual(['first-0', 'first-1', 'next-0']);
  },
);

test('an append that was whole before its process died stays', async () => {
  await createLocalCsv(path).append('first', csvRows(1, 'first'));
  await leaveTornAppend(1e9);
  await createLocalCsv(path).append('next', csvRows(1, 'next'));
  expect(messageIds()).toEqual(['first-0', 'torn-0', 'torn-1', 'next-0']);
});

test('what a person added is never taken back, and a last line without its end does not swallow the next row', async () => {
  await createLocalCsv(path).append('first', csvRows(1, 'first'));
  const line = csvLines(csvRows(1, 'by-hand'));
  appendFileSync(path, line.trimEnd());
  await createLocalCsv(path).append('next', csvRows(1, 'next'));
  expect(messageIds()).toEqual(['first-0', 'by-hand-0', 'next-0']);
});

test('a file that was moved away is begun anew with its header, whatever an old intent says', async () => {
  await createLocalCsv(path).append('first', csvRows(1, 'first'));
  await leaveTornAppend(10);
  renameSync(path, `${path}.1`);
  writeFileSync(path, '');
  await createLocalCsv(path).append('next', csvRows(1, 'next'));
  expect(messageIds()).toEqual(['next-0']);
});

test('a disk that fills up in mid-append leaves the file as it was, and the retry writes every row', async () => {
  const csv = createLocalCsv(path);
  await csv.append('first', csvRows(1, 'first'));
  const before = readFileSync(path);
  const file = await open(path, 'r');
  const prototype = Object.getPrototypeOf(file) as typeof file;
  await file.close();
  const full = jest.spyOn(prototype, 'appendFile').mockImplementationOnce(async () => {
    appendFileSync(path, 'half a row,"');
    await Promise.resolve();
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
  await expect(csv.append('batch', csvRows(2))).rejects.toThrow(DependencyUnavailable);
  expect(full).toHaveBeenCalledTimes(1);
  expect(readFileSync(path)).toEqual(before);
  expect(await csv.append('batch', csvRows(2))).toEqual({ written: 2, repeated: 0 });
  expect(messageIds()).toEqual(['first-0', 'message-0', 'message-1']);
  full.mockRestore();
});

test('a destination that cannot be written is named with its path', async () => {
  writeFileSync(join(folder, 'file'), '');
  const csv = createLocalCsv(join(folder, 'file', 'results.csv'));
  await expect(csv.ping()).rejects.toThrow(/file\/results\.csv cannot be written/);
  await expect(createLocalCsv(path).ping()).resolves.toBeUndefined();
});

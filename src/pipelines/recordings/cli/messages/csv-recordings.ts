import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { InvalidInput } from '../../../../platform/errors.js';
import { GIVEN_FIELDS, type GivenFields } from './complete-message.js';

/** One row, or why it cannot be read. `line` is where it ends in the file, as editors count. */
export type CsvRecording =
  { line: number; fields: GivenFields; problem?: never } | { line: number; problem: string };

export interface CsvRecordings {
  rows: AsyncIterable<CsvRecording>;
  /** Columns that no message has; filled once the first row has come. */
  ignoredColumns: readonly string[];
}

/** What people call the column of addresses, the better name first. */
const ADDRESS_COLUMNS = ['audio_s3_url', 'audio_url'];

/**
 * Reads recordings from a CSV file row by row, so that its size does not matter.
 *
 * @throws InvalidInput, while rows are read, when the file cannot be opened or has no column of addresses
 */
export function readCsvRecordings(path: string): CsvRecordings {
  const ignoredColumns: string[] = [];
  return { rows: readRows(path, ignoredColumns), ignoredColumns };
}

async function* readRows(path: string, ignoredColumns: string[]): AsyncGenerator<CsvRecording> {
  const header = { read: false };
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    columns: (names: string[]) => {
      header.read = true;
      return columnsOf(names, path, ignoredColumns);
    },
    // A row with a cell too many or too few is that row's problem, not the file's.
    relax_column_count: true,
  });
  pipeline(createReadStream(path), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      const { lines: line, error } = info;
      yield error === undefined ? { line, fields: record } : { line, problem: cellsProblem(error) };
    }
    if (!header.read) throw new InvalidInput(`${path} is empty.`);
  } catch (error) {
    throw unreadable(error, path);
  }
}

interface ParsedRow {
  record: GivenFields;
  info: { lines: number; error?: CsvError };
}

function columnsOf(header: string[], path: string, ignoredColumns: string[]): (string | false)[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const address = ADDRESS_COLUMNS.find((name) => names.includes(name));
  if (address === undefined) {
    throw new InvalidInput(`${path} has no column audio_url or audio_s3_url in its first line.`);
  }
  return names.map((name) => {
    if (name === address) return 'audio_s3_url';
    if ((GIVEN_FIELDS as readonly string[]).includes(name)) return name;
    ignoredColumns.push(name);
    return false;
  });
}

function cellsProblem({ code }: CsvError): string {
  return code === 'CSV_RECORD_INCONSISTENT_COLUMNS' ? 'more or fewer cells than the first line' : code;
}

function unreadable(error: unknown, path: string): Error {
  if (error instanceof InvalidInput) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new InvalidInput(`There is no file ${path}.`, { cause: error });
  return new InvalidInput(`${path} cannot be read: ${code ?? message}`, { cause: error });
}

import { parse, type CsvError } from 'csv-parse/sync';
import { readBoundedFile } from '../../../../platform/bounded-file.js';
import { count } from '../../../../commands/words.js';
import { CommandMisused } from '../../../../commands/command-misused.js';
import { preview } from '../../../../platform/text/printable.js';

/** Cells of one row by the name of their column, and the line on which it ends, as editors count. */
export interface NamedRow<Name extends string> {
  line: number;
  cells: Readonly<Partial<Record<Name, string>>>;
}

/** What a column may be called, the best name first, and whether the file can do without it. */
export interface ColumnNames {
  names: readonly string[];
  required: boolean;
}

/** A million labels by people have 100 MB; what is larger is no list of labels. */
const MAX_BYTES = 100 * 1024 * 1024;
/** Enough to see what is wrong; a file of another kind has thousands. */
const MOST_PROBLEMS = 10;

/**
 * Reads a small CSV with a header, whose columns are found by name in any order; others are ignored.
 *
 * @throws CommandMisused when it cannot be read, has no row, lacks a column or has it twice, or has a row with more or fewer cells
 */
export function readNamedRows<Name extends string>(
  path: string,
  columns: Readonly<Record<Name, ColumnNames>>,
): NamedRow<Name>[] {
  const [header, ...rows] = parseCsv(path, readText(path));
  if (header === undefined) throw new CommandMisused(`${path} is empty; expected a CSV with a header.`);
  const titles = header.record.map((title) => title.toLowerCase());
  const places = Object.entries<ColumnNames>(columns).map(([name, { names, required }]) => {
    const found = names.find((candidate) => titles.includes(candidate));
    if (found === undefined && required) {
      throw new CommandMisused(
        `${path}, line ${header.info.lines}: no column ${names.join(' or ')} in the header, which is ${preview(header.record.join(','))}${separatorHint(header.record)}.`,
      );
    }
    if (found !== undefined && titles.indexOf(found) !== titles.lastIndexOf(found)) {
      throw new CommandMisused(
        `${path}, line ${header.info.lines}: the header has column ${found} ${titles.filter((title) => title === found).length} times; expected it once.`,
      );
    }
    return { name: name as Name, at: found === undefined ? -1 : titles.indexOf(found) };
  });
  if (rows.length === 0) throw new CommandMisused(`${path} has a header and no row.`);
  const problems = createProblems(path);
  const read = rows.map(({ record, info }) => {
    if (record.length !== titles.length) {
      problems.add(
        info.lines,
        `has ${count(record.length, 'cell')}; expected ${titles.length}, as the header`,
      );
    }
    const cells = places.flatMap(({ name, at }) => (at < 0 ? [] : [[name, record[at] ?? '']]));
    return { line: info.lines, cells: Object.fromEntries(cells) as NamedRow<Name>['cells'] };
  });
  problems.refuse();
  return read;
}

/** Gathers what is wrong with rows, so that one error names the first of them all. */
export function createProblems(path: string): {
  add: (line: number, what: string) => void;
  /** @throws CommandMisused when anything was added */
  refuse: () => void;
} {
  const problems: string[] = [];
  return {
    add: (line, what) => void problems.push(`${path}, line ${line}: ${what}.`),
    refuse: () => {
      if (problems.length === 0) return;
      const more = problems.length - MOST_PROBLEMS;
      const shown = problems.slice(0, MOST_PROBLEMS);
      throw new CommandMisused([...shown, ...(more > 0 ? [`… and ${more} more lines.`] : [])].join('\n'));
    },
  };
}

/** What spreadsheets put between cells in some countries, and in their own kind of text. */
const SEPARATORS: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function separatorHint(header: readonly string[]): string {
  const found = Object.keys(SEPARATORS).find((separator) => header[0]!.includes(separator));
  return header.length > 1 || found === undefined
    ? ''
    : `: it has ${SEPARATORS[found]!} between its cells; expected commas`;
}

const IN_WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
  INVALID_OPENING_QUOTE: 'a quotation mark in the middle of a cell',
  CSV_INVALID_CLOSING_QUOTE: 'something follows the quotation mark that closes a cell',
};

interface ParsedRow {
  record: string[];
  info: { lines: number };
}

function parseCsv(path: string, text: string): ParsedRow[] {
  try {
    return parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
    }) as unknown as ParsedRow[];
  } catch (cause) {
    const { lines, code } = cause as CsvError & { lines?: number };
    throw new CommandMisused(
      `${path}, line ${lines ?? '?'}: is no CSV (${IN_WORDS[code] ?? code}); expected cells between commas, quoted with " where they hold any.`,
      { cause },
    );
  }
}

function readText(path: string): string {
  let bytes: ReturnType<typeof readBoundedFile>;
  try {
    bytes = readBoundedFile(path, MAX_BYTES);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandMisused(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${code ?? 'unknown error'}.`,
      { cause },
    );
  }
  if ('refused' in bytes) throw new CommandMisused(`${path} cannot be read: ${bytes.refused}.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const what = isUtf16(bytes) ? 'UTF-16' : 'not UTF-8';
    throw new CommandMisused(
      `${path} is ${what} text; expected UTF-8, as spreadsheets save by "CSV UTF-8".`,
      { cause },
    );
  }
}

/** By its byte order mark, with which spreadsheets begin it. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

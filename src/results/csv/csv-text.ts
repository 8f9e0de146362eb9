import { stringify } from 'csv-stringify/sync';
import { CSV_COLUMNS, type CsvRow } from '../../contract/csv-row.js';

/**
 * What a spreadsheet may run: a leading `=`, `+`, `-` or `@`, also full-width and also behind blanks that import strips,
 * or a leading tab or line break (OWASP, "CSV Injection").
 */
const FORMULA = /^(?:[\t\r\n]|[\s\0\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

/** The header line, with its line feed. */
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\n`;

/** A cell's text: numbers and booleans as they are, text that would run as a formula behind an apostrophe. */
export function csvCell(value: CsvRow[keyof CsvRow]): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  return FORMULA.test(value) ? `'${value}` : value;
}

/** Rows as RFC 4180 text with line feeds, without the header. */
export function csvLines(rows: readonly CsvRow[]): string {
  return stringify(
    rows.map((row) => CSV_COLUMNS.map((column) => csvCell(row[column]))),
    // Quotes, commas and line feeds are quoted anyway; a lone carriage return ends a row for some readers.
    { record_delimiter: '\n', quoted_match: /\r/ },
  );
}

/** Names a delivery: a message redelivered has a higher count and gets a row of its own. */
export function deliveryKey(row: CsvRow): string {
  return JSON.stringify([row.message_id, row.receive_count]);
}

/** The rows whose delivery is not in `known`, each delivery's first row only. */
export function newDeliveries(
  rows: readonly CsvRow[],
  known: { has(key: string): boolean },
): Map<string, CsvRow> {
  const fresh = new Map<string, CsvRow>();
  for (const row of rows) {
    const key = deliveryKey(row);
    if (!known.has(key) && !fresh.has(key)) fresh.set(key, row);
  }
  return fresh;
}

import { stringify } from 'csv-stringify/sync';
import { CSV_COLUMNS, type CsvRow } from '../../contract/csv-row.js';
import { printable } from '../../../../platform/text/printable.js';

/**
 * What a spreadsheet may run: a leading `=`, `+`, `-` or `@`, also full-width and also behind blanks that import strips,
 * or a leading tab or line break (OWASP, "CSV Injection").
 */
const FORMULA = /^(?:[\t\r\n]|[\s\0\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

/** The header line, with its line feed. */
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\n`;

/** A spreadsheet's cell takes 32,767 characters; Python's reader refuses a field of 131,072. */
const CELL_CHARACTERS = 32_000;

/**
 * A cell's text: numbers and booleans as they are, text on one printable line, since a reader stumbles over NUL and a
 * terminal acts on escapes. What would run as a formula stands behind an apostrophe, and so does what begins with one:
 * {@link csvText} takes it away again, so that no two texts become one cell.
 */
export function csvCell(value: CsvRow[keyof CsvRow]): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const shown = printable(value, CELL_CHARACTERS);
  return FORMULA.test(value) || value.startsWith("'") ? `'${shown}` : shown;
}

/** The text of a cell that {@link csvCell} wrote: one apostrophe at its beginning is not the text's. */
export function csvText(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
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

import { printable } from '../../platform/text/printable.js';

export interface Column {
  title: string;
  /** Numbers stand under each other when aligned to the right. @default 'left' */
  align?: 'left' | 'right';
}

const GAP = '  ';

/** Longer than any address; what is beyond it is no cell. */
const CELL_CHARACTERS = 4_000;

/** What others wrote is shown, and never acted on by the terminal. */
const cell = (text: string): string => printable(text, CELL_CHARACTERS);

/** Lines of a table, its columns as wide as their widest cell. The last column is not padded. */
export function tableLines(columns: readonly Column[], given: readonly (readonly string[])[]): string[] {
  const rows = given.map((row) => row.map(cell));
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    // Not as arguments of one call, which are bounded: an archive may have a million entries.
    [titles, ...rows].reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? '')), 0),
  );
  return [titles, ...rows].map((row) =>
    columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index]!, align ?? 'left'))
      .join(GAP)
      .trimEnd(),
  );
}

/** Lines of `name  value` pairs under each other; a value of several lines continues under its first. */
export function pairLines(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => textWidth(name)));
  return pairs.flatMap(([name, value]) =>
    value
      .split('\n')
      .map((line, index) => `${pad(index === 0 ? name : '', width, 'left')}${GAP}${cell(line)}`.trimEnd()),
  );
}

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Places a text takes on a terminal: Devanagari vowel signs share the place of their consonant. */
export function textWidth(text: string): number {
  // eslint-disable-next-line no-control-regex -- the range is ASCII, for which segmenting is slow and pointless
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  return [...graphemes.segment(text)].length;
}

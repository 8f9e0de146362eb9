/**
 * Rows of one place in the order (one time, document, subject and kind of record) at the most. A subject is recorded a few times; more
 * would be a mistake of the source's, and a page is held in memory.
 */
export const MAX_TIED_ROWS = 10_000;

/** Why rows of a place beyond those are left out; one of them is named. */
export const TOO_MANY_TIED = 'too_many_tied_rows';

/**
 * Where a page ends: the watermark names a place and not a row, so a page that took a part of the rows of its last place would lose the
 * others. It takes all of them, and may so be longer than its limit.
 *
 * @param rows in the order of the watermark
 * @returns the index of the first row behind the page
 */
export function endOfPage<Row>(
  rows: readonly Row[],
  limit: number,
  isSamePlace: (a: Row, b: Row) => boolean,
): number {
  let end = Math.min(limit, rows.length);
  while (end > 0 && end < rows.length && isSamePlace(rows[end - 1]!, rows[end]!)) end += 1;
  return end;
}

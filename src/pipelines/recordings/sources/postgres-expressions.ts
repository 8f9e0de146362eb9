import { escapeLiteral } from 'pg';
import { INVISIBLE_CHARACTERS, SPACE_CHARACTERS } from '../contract/subject-name.js';
import { AFTER_DATE, IN_UTC } from './test-day.js';

/*
 * The rules of `subject-name.ts` and `test-day.ts` in SQL. Each expression depends on the row alone, neither on the session's
 * time zone nor on its DateStyle, so that an index can hold it.
 */

/** A text as it is compared: without what nobody sees, each space a plain one, trimmed, in NFC. */
export function comparableExpression(column: string): string {
  const from = escapedUnits(SPACE_CHARACTERS + INVISIBLE_CHARACTERS);
  const to = escapeLiteral(' '.repeat(SPACE_CHARACTERS.length));
  return `normalize(btrim(translate(${column}::text, ${from}, ${to})), NFC)`;
}

/** A literal that can be seen in a message, a plan or a definition, whatever the text is. */
function escapedUnits(text: string): string {
  const units = Array.from(text, (unit) => `\\${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `U&'${units.join('')}'`;
}

/**
 * The test date that a column's value says, of the type `date`, or as text where the column is text.
 *
 * @param timeZone in which a timestamp falls on a date; one at UTC midnight is a date that was stored as one
 */
export function testDateExpression(column: string, type: string, timeZone: string): string {
  if (type === 'date') return column;
  if (type === 'timestamp without time zone') return `(${column}::date)`;
  if (type === 'timestamp with time zone') {
    const [utc, local] = ['UTC', timeZone].map((zone) => `(${column} AT TIME ZONE ${escapeLiteral(zone)})`);
    return timeZone === 'UTC'
      ? `(${utc}::date)`
      : `(CASE WHEN date_trunc('day', ${utc}) = ${utc} THEN ${utc}::date ELSE ${local}::date END)`;
  }
  // Of a text, the date that it says itself; one in UTC says that of another time zone in no way that an index can hold.
  const text = comparableExpression(column);
  const written = timeZone === 'UTC' ? AFTER_DATE : `(?!.*(?:${IN_UTC})$)${AFTER_DATE}`;
  const pattern = escapeLiteral(String.raw`^\d{4}-\d{2}-\d{2}${written}$`);
  return `(CASE WHEN ${text} ~ ${pattern} THEN left(${text}, 10) END)`;
}

const DATE_TYPES: readonly string[] = ['date', 'timestamp without time zone', 'timestamp with time zone'];

/** A date given as text, for comparison with {@link testDateExpression}. */
export function testDateValue(dateText: string, type: string): string {
  return DATE_TYPES.includes(type) ? `(${dateText})::date` : `(${dateText})::text`;
}

import type { Document } from 'mongodb';
import { INVISIBLE_CLASS, SPACE_CLASS } from '../contract/subject-name.js';
import { AFTER_DATE, IN_UTC, isUtcDay, textsInUtc, type TestDay } from './test-day.js';

/*
 * A test date in MongoDB's own terms. A query may find a few values more than `isOfTestDay` takes, never less: whoever
 * reads the documents looks again.
 */

/** What typists and exports put before a date; of several only a pattern without an index's help would know. */
const BEFORE_DATE = ['', ' ', '\t', '\n', '\u00a0', '\u200b', '\u200e', '\ufeff'];
const AROUND = `[${SPACE_CLASS}${INVISIBLE_CLASS}]*`;

/**
 * Conditions on a field that holds a test date, one of which is true of every value that {@link isOfTestDay}. Each can
 * be answered from an index on the field.
 */
export function testDateConditions(day: TestDay): Document[] {
  const patterns = BEFORE_DATE.flatMap((before) => textPatterns(day, before));
  return [
    { $in: [day.date, new Date(day.midnightMs), ...patterns] },
    { $gte: new Date(day.fromMs), $lt: new Date(day.untilMs) },
  ];
}

/** The same as an aggregation expression over a value. */
export function testDateExpression(value: string, day: TestDay): Document {
  const isText = { $eq: [{ $type: value }, 'string'] };
  // What is no text is an error to a pattern, wherever it stands in a condition.
  const text = { $cond: [isText, value, ''] };
  return {
    $or: [
      { $in: [value, [day.date, new Date(day.midnightMs)]] },
      { $and: [{ $gte: [value, new Date(day.fromMs)] }, { $lt: [value, new Date(day.untilMs)] }] },
      {
        $and: [
          isText,
          { $or: textPatterns(day, AROUND).map((regex) => ({ $regexMatch: { input: text, regex } })) },
        ],
      },
    ],
  };
}

function textPatterns(day: TestDay, before: string): RegExp[] {
  const afterwards = isUtcDay(day)
    ? [`${day.date}${AFTER_DATE}`]
    : [`${day.date}(?!.*(?:${IN_UTC})${AROUND}$)${AFTER_DATE}`, ...textsInUtc(day)];
  return afterwards.map((text) => new RegExp(`^${before}${text}${AROUND}$`));
}

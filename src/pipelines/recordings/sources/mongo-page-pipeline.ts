import type { Document } from 'mongodb';
import { RECORD_TYPES, type RecordType } from '../contract/source-row.js';
import { isUnordered, orderedValue, orderKeyOf, serverOrderKey } from './mongo-id-order.js';
import { testDateConditions, testDateExpression } from './mongo-test-date.js';
import type { TestDay } from './test-day.js';
import type { TimeWindow } from './time-window.js';

/** Where reading goes on: rows of this very millisecond are read only from documents at or beyond this one. */
export interface DocumentTie {
  docId: string;
  /** Whether the document itself may still hold unread rows. */
  inclusive: boolean;
}

export interface PagePipelineOptions {
  day: TestDay;
  /** What the subject's name must match; `undefined` leaves the comparison to the reader. */
  namePattern: RegExp | undefined;
  window: TimeWindow;
  /** Of the documents whose first row is at `window.fromMs`, leaves out what comes before. */
  tie: DocumentTie | null;
  /** Documents at the most. */
  limit: number;
}

/** What the pipeline adds to a document: the time of its first row in the window, and the key of its id's order. */
export interface OrderedDocument extends Record<string, unknown> {
  vachan_first: Date;
  vachan_id: string;
}

/**
 * The documents with rows in a window, ordered by the time of their first row in it and then by their id as text:
 * the order of rows, so that cutting at `limit` keeps every row up to the last document's place, unless that
 * document's key is one that {@link isUnordered}.
 *
 * Both bounds of the time stand inside nested `$elemMatch`, where alone a multikey index uses both. The order is that
 * of a computed field, hence sorted in memory, but only what the window matched, and the server keeps `limit` of it.
 */
export function pagePipeline(options: PagePipelineOptions): Document[] {
  const ofDate = assessmentsOf(options.day);
  return [
    { $match: { $or: RECORD_TYPES.flatMap((recordType) => matchRecordType(recordType, options)) } },
    {
      $project: {
        student_id: 1,
        udise: 1,
        assessments: ofDate,
        vachan_id: serverOrderKey(),
      },
    },
    { $addFields: { vachan_times: timesInWindow(options) } },
    { $match: { 'vachan_times.0': { $exists: true } } },
    { $addFields: { vachan_first: { $min: '$vachan_times' } } },
    { $sort: { vachan_first: 1, vachan_id: 1, _id: 1 } },
    { $limit: options.limit },
    { $project: { student_id: 1, udise: 1, vachan_first: 1, vachan_id: 1, ...SUBJECT_FIELDS } },
  ];
}

/**
 * One document with a row in the window for each kind of record, and that row's time: the first in the order of the index, which costs
 * one document each. Nothing may depend on its being the first: without an index it is any.
 */
export function nextRowPipelines(
  options: Pick<PagePipelineOptions, 'day' | 'namePattern' | 'window'>,
): Document[][] {
  const ofDate = assessmentsOf(options.day);
  return RECORD_TYPES.map((recordType) => [
    { $match: { $or: matchRecordType(recordType, options) } },
    { $limit: 1 },
    { $project: { assessments: ofDate } },
    { $project: { vachan_first: { $min: timesInWindow({ ...options, tie: null }) } } },
  ]);
}

/** What a row is made of; a subject may hold transcripts and more, which stay in the database. */
export const SUBJECT_FIELDS = Object.fromEntries([
  ['assessments.test_date', 1],
  ...RECORD_TYPES.flatMap((recordType) =>
    ['subject_id', 'subject_name', 'audio_url', 'subject_created_at'].map((field) => [
      `assessments.${recordType}.subjects.${field}`,
      1,
    ]),
  ),
]) as Record<string, 1>;

/** An index that finds windows by their times looks at each document's date; an open window is found by the index on the date. */
function matchRecordType(
  recordType: RecordType,
  options: Pick<PagePipelineOptions, 'day' | 'namePattern' | 'window'>,
): Document[] {
  const { window, namePattern, day } = options;
  const bounds: Document = {};
  if (window.fromMs > -Infinity) bounds['$gte'] = new Date(window.fromMs);
  if (window.untilMs < Infinity) bounds['$lt'] = new Date(window.untilMs);
  if (Object.keys(bounds).length === 0) bounds['$type'] = 'date';
  const subject: Document = { subject_created_at: bounds, audio_url: { $type: 'string', $ne: '' } };
  if (namePattern) subject['subject_name'] = namePattern;
  const subjects = { [`${recordType}.subjects`]: { $elemMatch: subject } };
  const dates = testDateConditions(day).map((condition) => ({ test_date: condition }));
  return Number.isFinite(window.untilMs - window.fromMs)
    ? [{ assessments: { $elemMatch: { $or: dates, ...subjects } } }]
    : dates.map((date) => ({ assessments: { $elemMatch: { ...date, ...subjects } } }));
}

function assessmentsOf(day: TestDay): Document {
  return { $filter: { input: '$assessments', as: 'a', cond: testDateExpression('$$a.test_date', day) } };
}

/** Whether a document of the tie's time lies behind it, or is it. */
function isBehind({ docId, inclusive }: DocumentTie): Document {
  const key = { $literal: orderKeyOf(docId) };
  const beyond = inclusive ? '$gte' : '$gt';
  const value = orderedValue(docId);
  if (value !== undefined) {
    const sameKey = { $and: [{ $eq: ['$vachan_id', key] }, { [beyond]: ['$_id', { $literal: value }] }] };
    return { $or: [{ $gt: ['$vachan_id', key] }, sameKey] };
  }
  return { [isUnordered(orderKeyOf(docId)) ? '$gte' : beyond]: ['$vachan_id', key] };
}

/** The times of all subjects that may be rows of the window. Texts are literals: one may start with a dollar sign. */
function timesInWindow(options: Pick<PagePipelineOptions, 'namePattern' | 'window' | 'tie'>): Document {
  const { window, tie, namePattern } = options;
  const time = '$$s.subject_created_at';
  const conditions: Document[] = [{ $eq: [{ $type: time }, 'date'] }, { $gt: ['$$s.audio_url', ''] }];
  if (namePattern) {
    const name = { $cond: [{ $eq: [{ $type: '$$s.subject_name' }, 'string'] }, '$$s.subject_name', ''] };
    conditions.push({ $regexMatch: { input: name, regex: namePattern } });
  }
  if (window.untilMs < Infinity) conditions.push({ $lt: [time, new Date(window.untilMs)] });
  if (window.fromMs > -Infinity) {
    const from = new Date(window.fromMs);
    const unread = tie && isBehind(tie);
    conditions.push(
      unread
        ? { $or: [{ $gt: [time, from] }, { $and: [{ $eq: [time, from] }, unread] }] }
        : { $gte: [time, from] },
    );
  }
  const timesOf = (recordType: RecordType): Document => {
    const subjects = `$$this.${recordType}.subjects`;
    const input = { $cond: [{ $isArray: subjects }, subjects, []] };
    return {
      $map: { input: { $filter: { input, as: 's', cond: { $and: conditions } } }, as: 's', in: time },
    };
  };
  return {
    $reduce: {
      input: '$assessments',
      initialValue: [],
      in: { $concatArrays: ['$$value', ...RECORD_TYPES.map(timesOf)] },
    },
  };
}

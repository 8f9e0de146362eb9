import type { Collection, Document } from 'mongodb';
import { RECORD_TYPES } from '../contract/source-row.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { idText } from './mongo-ids.js';
import { testDateConditions, testDateExpression } from './mongo-test-date.js';
import {
  dateNumbers,
  midnightsAnywhere,
  midnightTexts,
  otherSpellings,
  ZONE_STEP_MS,
} from './near-test-date.js';
import { sumUp, type CountedRows, type FieldIs, type PassedOver } from './passed-over.js';
import { testDay, type TestDay } from './test-day.js';

/** All documents of a run, from disks that may be cold; a page's activity may take ten minutes. */
const COUNT_TIMEOUT_MS = 240_000;
/** A date has a few subjects; more names than this are free text, of which the most frequent are looked at. */
const MAX_GROUPS = 2_000;
/** Longer than any name that could be the subject's. */
const MAX_NAME_CHARACTERS = 2_000;

/**
 * Counts a date's rows by what keeps them from being candidates: one aggregation in the server, over the documents that its
 * index on the test date finds, among them those whose date is written in a way that a run does not take.
 */
export async function countMongoRows(
  collection: Collection,
  query: { test_date: string; subject_name: string; signal?: AbortSignal | undefined },
  timeZone: string,
): Promise<PassedOver> {
  const day = testDay(query.test_date, timeZone);
  const groups = await onMongo(`count the rows of ${query.test_date} in ${collection.collectionName}`, () =>
    collection
      .aggregate<Group>(countPipeline(day), {
        maxTimeMS: COUNT_TIMEOUT_MS,
        allowDiskUse: true,
        collation: { locale: 'simple' },
        ...(query.signal && { signal: query.signal }),
      })
      .toArray(),
  );
  return sumUp(groups.map(countedRows), query.subject_name);
}

interface Group {
  _id: Pick<CountedRows, 'test_date' | 'audio_url' | 'subject_created_at'> & {
    name: string;
    name_is: FieldIs;
  };
  rows: number;
  document: unknown;
}

function countedRows({ _id, rows, document }: Group): CountedRows {
  const { name, name_is, ...fields } = _id;
  return {
    ...fields,
    rows,
    mongo_doc_id: idText(document) ?? '',
    subject_name: name_is === 'good' ? name : undefined,
    subject_name_is: name_is,
  };
}

export function countPipeline(day: TestDay): Document[] {
  const subjects = '$vachan_subject';
  const name = `${subjects}.subject_name`;
  return [
    {
      $match: {
        $or: nearConditions(day).map((test_date) => ({ assessments: { $elemMatch: { test_date } } })),
      },
    },
    { $project: { assessments: 1 } },
    { $unwind: '$assessments' },
    { $addFields: { vachan_date: dateKind('$assessments.test_date', day) } },
    { $match: { vachan_date: { $ne: null } } },
    { $project: { vachan_date: 1, vachan_subject: { $concatArrays: RECORD_TYPES.map(subjectsOf) } } },
    { $unwind: subjects },
    {
      $group: {
        _id: {
          test_date: '$vachan_date',
          name: { $cond: [isText(name), { $substrCP: [name, 0, MAX_NAME_CHARACTERS] }, ''] },
          name_is: fieldIs(name, isText(name)),
          audio_url: fieldIs(`${subjects}.audio_url`, isText(`${subjects}.audio_url`)),
          subject_created_at: fieldIs(`${subjects}.subject_created_at`, {
            $eq: [{ $type: `${subjects}.subject_created_at` }, 'date'],
          }),
        },
        rows: { $sum: 1 },
        document: { $first: '$_id' },
      },
    },
    { $sort: { rows: -1 } },
    { $limit: MAX_GROUPS },
  ];
}

/** Conditions on a test date, each answered from the index: those of a run, and those of dates that seem meant. */
function nearConditions(day: TestDay): Document[] {
  const { fromMs, toMs } = midnightsAnywhere(day);
  const { exact, ranges } = dateNumbers(day);
  const patterns = [...otherSpellings(day), ...midnightTexts(day)].map((pattern) => new RegExp(pattern));
  return [
    ...testDateConditions(day),
    { $in: [exact, ...patterns, new RegExp(`^${day.date}`)] },
    { $gte: new Date(fromMs), $lte: new Date(toMs) },
    ...ranges.map(([from, until]) => ({ $gte: from, $lt: until })),
  ];
}

/** `of_date` and the like; null for the other dates of a document. */
function dateKind(value: string, day: TestDay): Document {
  const { fromMs, toMs } = midnightsAnywhere(day);
  const { exact, ranges } = dateNumbers(day);
  const type = { $type: value };
  const ms = { $cond: [{ $eq: [type, 'date'] }, { $toLong: value }, 1] };
  const text = { $cond: [{ $eq: [type, 'string'] }, value, ''] };
  const matches = (patterns: string[]): Document => ({
    $or: patterns.map((pattern) => ({ $regexMatch: { input: text, regex: new RegExp(pattern) } })),
  });
  const isNumber = { $in: [type, ['int', 'long', 'double', 'decimal']] };
  const branches = [
    { case: testDateExpression(value, day), then: 'of_date' },
    {
      // Midnight of the date somewhere, but not midnight of UTC, which is another date's.
      case: {
        $and: [
          { $gte: [ms, fromMs] },
          { $lte: [ms, toMs] },
          { $eq: [{ $mod: [ms, ZONE_STEP_MS] }, 0] },
          { $ne: [{ $mod: [ms, 24 * 3_600_000] }, 0] },
        ],
      },
      then: 'in_another_time_zone',
    },
    { case: matches(midnightTexts(day)), then: 'in_another_time_zone' },
    { case: matches([...otherSpellings(day), `^${day.date}`]), then: 'not_understood' },
    {
      case: {
        $and: [
          isNumber,
          {
            $or: [
              { $eq: [value, exact] },
              ...ranges.map(([from, until]) => ({
                $and: [{ $gte: [value, from] }, { $lt: [value, until] }],
              })),
            ],
          },
        ],
      },
      then: 'not_understood',
    },
  ];
  return { $switch: { branches, default: null } };
}

function subjectsOf(recordType: string): Document {
  const subjects = `$assessments.${recordType}.subjects`;
  return { $cond: [{ $isArray: subjects }, subjects, []] };
}

function isText(value: string): Document {
  return { $eq: [{ $type: value }, 'string'] };
}

function fieldIs(value: string, isGood: Document): Document {
  // Of nothing, null and the empty text, only the last is of the right type.
  const isMissing = { $in: [{ $ifNull: [value, ''] }, ['']] };
  return {
    $switch: {
      branches: [
        { case: isMissing, then: 'missing' },
        { case: isGood, then: 'good' },
      ],
      default: 'other',
    },
  };
}

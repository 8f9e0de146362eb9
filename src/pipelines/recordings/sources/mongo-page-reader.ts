import type { Collection } from 'mongodb';
import type { SourceRow } from '../contract/source-row.js';
import { compareRows, isAfter, watermarkOf, compareWatermarks } from '../contract/watermark.js';
import type { DocumentTie } from './mongo-page-pipeline.js';
import type { Candidate } from './mongo-rows.js';
import { comparePlaces, createWindowQueries } from './mongo-windows.js';
import type { PageQuery, SourcePage, UnusableRow } from './source-repository.js';
import { namePattern } from './name-pattern.js';
import { testDay, type TestDay } from './test-day.js';
import { endOfPage, MAX_TIED_ROWS, TOO_MANY_TIED } from './tied-rows.js';
import { formatHint, readHint, startPace, windowBeforeTestDate, windowUntil } from './time-window.js';

/** Documents at the most in one answer, however many unusable rows stand in the way of a page. */
const MAX_DOCUMENTS_PER_QUERY = 2_000;

type UnusableCandidate = Extract<Candidate, { row?: never }>;

interface PageReaderDependencies {
  collection: Collection;
  nowMs: () => number;
  /** In which zone a timestamp falls on a test date. @default UTC */
  timeZone?: string | undefined;
}

/**
 * Makes the reader of pages. A page is gathered window by window until it holds one row more than asked for (so that
 * "exhausted" is known) or the end is reached. Each call reads the database afresh: rows that arrived since the last
 * page, anywhere after the watermark, are seen.
 */
export function createMongoPageReader({ collection, nowMs, timeZone = 'UTC' }: PageReaderDependencies) {
  const { findNextRow, readWindow } = createWindowQueries(collection);
  // A run asks for one date and name, page after page.
  let asks: { day: TestDay; subject_name: string; namePattern: RegExp | undefined } | undefined;

  return async function readPage(query: PageQuery): Promise<SourcePage> {
    const { test_date: date, subject_name } = query;
    if (asks?.subject_name !== subject_name || asks.day.date !== date) {
      asks = { day: testDay(date, timeZone), subject_name, namePattern: namePattern(subject_name) };
    }
    const { day } = asks;
    const asked = { ...asks, signal: query.signal };
    const wanted = query.limit + 1;
    const endMs = query.upTo ? Date.parse(query.upTo.last_processed_timestamp) + 1 : Infinity;
    const beginsAtMs = query.after && Date.parse(query.after.last_processed_timestamp);
    const firstWidthMs = readHint(query.readHint);
    let window =
      beginsAtMs === null
        ? windowBeforeTestDate(day.midnightMs)
        : windowUntil(beginsAtMs, beginsAtMs + firstWidthMs, nowMs());
    const pace = startPace(beginsAtMs ?? window.untilMs, firstWidthMs, wanted);
    let tie: DocumentTie | null = query.after && {
      docId: query.after.last_processed_doc_id,
      inclusive: true,
    };
    const rows: SourceRow[] = [];
    const unusable: UnusableCandidate[] = [];
    let documentsRead = 0;
    let barrenReads = 0;
    let ended = false;

    while (rows.length < wanted) {
      query.signal?.throwIfAborted();
      window = { ...window, untilMs: Math.min(window.untilMs, endMs) };
      // Documents that give no row (unusable, or already passed) must not be waded through one by one.
      // The watermark's own document comes along, in case that it holds more.
      const missing = wanted - rows.length + (tie?.inclusive === true ? 1 : 0);
      const limit = Math.min(MAX_DOCUMENTS_PER_QUERY, missing * 2 ** barrenReads);
      const read = await readWindow(asked, window, tie, limit);
      documentsRead += read.documents;
      const before = rows.length;
      for (const candidate of read.candidates) {
        if (candidate.row === undefined) unusable.push(candidate);
        else if (isWithin(candidate.row, query)) rows.push(candidate.row);
      }
      const found = rows.length - before;
      barrenReads = found === 0 && read.cutAt ? Math.min(barrenReads + 1, 10) : 0;
      const readUntilMs = read.cutAt?.timeMs ?? window.untilMs;
      if (found > 0 && window.fromMs > -Infinity && readUntilMs < Infinity) {
        pace.foundRows(found, readUntilMs, wanted - rows.length);
      }
      if (read.cutAt) {
        window = { ...window, fromMs: read.cutAt.timeMs };
        tie = { docId: read.cutAt.docId, inclusive: false };
        continue;
      }
      ended = window.untilMs >= endMs;
      if (ended || rows.length >= wanted) break;
      const fromMs = window.untilMs;
      const nextRow = found > 0 ? fromMs : await findNextRow(asked, { fromMs, untilMs: endMs });
      ended = nextRow === 'none';
      if (nextRow === 'none') break;
      if (nextRow === 'unknown') pace.foundNothing();
      else if (found === 0) pace.foundGap(nextRow);
      const nextMs = nextRow === 'unknown' ? fromMs : nextRow;
      window = windowUntil(fromMs, nextMs + pace.widthMs(), nowMs());
      tie = null;
    }

    const end = endOfPage(rows.sort(compareRows), query.limit, (a, b) => compareRows(a, b) === 0);
    const page = rows.slice(0, Math.min(end, query.limit + MAX_TIED_ROWS));
    const exhausted = ended && rows.length === end;
    return {
      rows: page,
      exhausted,
      readHint: formatHint(pace.widthMs()),
      documentsRead,
      unusable: [
        ...reportable(unusable, query, exhausted ? undefined : page.at(-1)),
        ...(page.length < end ? [tooManyTied(page.at(-1)!)] : []),
      ],
    };
  };
}

function isWithin(row: SourceRow, query: PageQuery): boolean {
  return (
    isAfter(row, query.after) && (query.upTo === null || compareWatermarks(watermarkOf(row), query.upTo) <= 0)
  );
}

function tooManyTied({ mongo_doc_id, record_type, subject_id }: SourceRow): UnusableRow {
  return { mongo_doc_id, record_type, subject_id, reason: TOO_MANY_TIED };
}

/** Each unusable row once: with the page that passes its place. */
function reportable(
  unusable: UnusableCandidate[],
  query: PageQuery,
  lastRow: SourceRow | undefined,
): SourcePage['unusable'] {
  const place = lastRow && { timeMs: Date.parse(lastRow.source_updated_at), docId: lastRow.mongo_doc_id };
  const after = query.after && {
    timeMs: Date.parse(query.after.last_processed_timestamp),
    docId: query.after.last_processed_doc_id,
  };
  return unusable
    .filter((candidate) => after === null || comparePlaces(candidate, after) > 0)
    .filter((candidate) => place === undefined || comparePlaces(candidate, place) <= 0)
    .map((candidate) => candidate.unusable);
}

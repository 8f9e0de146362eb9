import type { Collection, Document } from 'mongodb';
import { testDateToUtcMidnight } from '../contract/dates.js';
import type { SourceRow } from '../contract/source-row.js';
import { compareRows, isAfter, watermarkOf, compareWatermarks } from '../contract/watermark.js';
import { onMongo } from '../platform/mongo-errors.js';
import { canonicalForms } from './canonical-forms.js';
import {
  nextRowPipelines,
  pagePipeline,
  type DocumentTie,
  type OrderedDocument,
} from './mongo-page-pipeline.js';
import { candidatesOf, type Candidate } from './mongo-rows.js';
import type { PageQuery, SourcePage } from './source-repository.js';
import {
  formatHint,
  readHint,
  startPace,
  windowBeforeTestDate,
  windowUntil,
  type TimeWindow,
} from './time-window.js';

/** A window is read from an index in milliseconds; without one, half a minute scans millions of documents. */
export const PAGE_QUERY_TIMEOUT_MS = 30_000;
/**
 * What lies before the date's own days, and after its last row, is asked once or twice a run, and read from the index on the date: all
 * documents of a night, from disks that may be cold. A page's activity may take ten minutes.
 */
const OPEN_QUERY_TIMEOUT_MS = 240_000;
/** Documents at the most in one answer, however many unusable rows stand in the way of a page. */
const MAX_DOCUMENTS_PER_QUERY = 2_000;

interface PageReaderDependencies {
  collection: Collection;
  nowMs: () => number;
}

/** What one window's query answered: the candidates up to where it is known to be complete. */
interface WindowRead {
  candidates: Candidate[];
  documents: number;
  /** Set when the window holds more: everything up to and including this document's place was read. */
  cutAt: { timeMs: number; docId: string } | undefined;
}

/**
 * Makes the reader of pages. A page is gathered window by window until it holds one row more than asked for (so that
 * "exhausted" is known) or the end is reached. Each call reads the database afresh: rows that arrived since the last
 * page, anywhere after the watermark, are seen.
 */
export function createMongoPageReader({ collection, nowMs }: PageReaderDependencies) {
  const aggregate = <T extends Document>(
    pipeline: Document[],
    { fromMs, untilMs }: TimeWindow,
    signal: AbortSignal | undefined,
  ): Promise<T[]> =>
    onMongo(`read a page of ${collection.collectionName}`, () =>
      collection
        .aggregate<T>(pipeline, {
          maxTimeMS: Number.isFinite(untilMs - fromMs) ? PAGE_QUERY_TIMEOUT_MS : OPEN_QUERY_TIMEOUT_MS,
          allowDiskUse: true,
          // Byte-wise, as the watermark's order is, whatever collation the collection was made with.
          collation: { locale: 'simple' },
          ...(signal && { signal }),
        })
        .toArray(),
    );

  /**
   * Some row's time from here on, in practice the first one's; `none` when there is none, `unknown` when a document matches and yet
   * holds no row (a list of dates for a date).
   */
  async function findNextRow(
    query: PageQuery,
    window: TimeWindow,
    subjectNames: string[] | undefined,
  ): Promise<number | 'none' | 'unknown'> {
    const pipelines = nextRowPipelines({ testDate: query.test_date, subjectNames, window });
    const found = await Promise.all(
      pipelines.map((pipeline) => aggregate<{ vachan_first: Date | null }>(pipeline, window, query.signal)),
    );
    const times = found.flat().map(({ vachan_first: first }) => first?.getTime() ?? NaN);
    if (times.length === 0) return 'none';
    const firstMs = Math.min(...times);
    return Number.isNaN(firstMs) ? 'unknown' : firstMs;
  }

  async function readWindow(
    query: PageQuery,
    window: TimeWindow,
    tie: DocumentTie | null,
    limit: number,
    subjectNames: string[] | undefined,
  ): Promise<WindowRead> {
    const pipeline = pagePipeline({ testDate: query.test_date, subjectNames, window, tie, limit });
    const documents = await aggregate<OrderedDocument>(pipeline, window, query.signal);
    const last = documents.length === limit ? documents.at(-1) : undefined;
    const cutAt = last && { timeMs: last.vachan_first.getTime(), docId: last.vachan_id };
    const candidates = documents
      .flatMap((document) =>
        candidatesOf(
          document,
          document.vachan_id,
          collection.collectionName,
          query.test_date,
          query.subject_name,
        ),
      )
      .filter(
        (candidate) =>
          isUnread(candidate, window, tie) && (cutAt === undefined || comparePlaces(candidate, cutAt) <= 0),
      );
    return { candidates, documents: documents.length, cutAt };
  }

  // A run asks for one name, page after page.
  let spellings: { of: string; forms: string[] | undefined } | undefined;

  return async function readPage(query: PageQuery): Promise<SourcePage> {
    if (spellings?.of !== query.subject_name) {
      spellings = { of: query.subject_name, forms: canonicalForms(query.subject_name) };
    }
    const subjectNames = spellings.forms;
    const wanted = query.limit + 1;
    const endMs = query.upTo ? Date.parse(query.upTo.last_processed_timestamp) + 1 : Infinity;
    const beginsAtMs = query.after && Date.parse(query.after.last_processed_timestamp);
    const firstWidthMs = readHint(query.readHint);
    let window =
      beginsAtMs === null
        ? windowBeforeTestDate(testDateToUtcMidnight(query.test_date).getTime())
        : windowUntil(beginsAtMs, beginsAtMs + firstWidthMs, nowMs());
    const pace = startPace(beginsAtMs ?? window.untilMs, firstWidthMs, wanted);
    let tie: DocumentTie | null = query.after && {
      docId: query.after.last_processed_doc_id,
      inclusive: true,
    };
    const rows: SourceRow[] = [];
    const unusable: Extract<Candidate, { unusable: string }>[] = [];
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
      const read = await readWindow(query, window, tie, limit, subjectNames);
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
      const nextRow = found > 0 ? fromMs : await findNextRow(query, { fromMs, untilMs: endMs }, subjectNames);
      ended = nextRow === 'none';
      if (nextRow === 'none') break;
      if (nextRow === 'unknown') pace.foundNothing();
      else if (found === 0) pace.foundGap(nextRow);
      const nextMs = nextRow === 'unknown' ? fromMs : nextRow;
      window = windowUntil(fromMs, nextMs + pace.widthMs(), nowMs());
      tie = null;
    }

    const page = rows.sort(compareRows).slice(0, query.limit);
    const exhausted = ended && rows.length <= query.limit;
    return {
      rows: page,
      exhausted,
      readHint: formatHint(pace.widthMs()),
      documentsRead,
      unusable: reportable(unusable, query, exhausted ? undefined : page.at(-1)),
    };
  };
}

/** A document comes back for any of its subjects; those outside the window belong to another read. */
function isUnread(candidate: Candidate, window: TimeWindow, tie: DocumentTie | null): boolean {
  if (candidate.timeMs < window.fromMs || candidate.timeMs >= window.untilMs) return false;
  if (tie === null || candidate.timeMs > window.fromMs) return true;
  const order = compareBytes(candidate.docId, tie.docId);
  return tie.inclusive ? order >= 0 : order > 0;
}

function isWithin(row: SourceRow, query: PageQuery): boolean {
  return (
    isAfter(row, query.after) && (query.upTo === null || compareWatermarks(watermarkOf(row), query.upTo) <= 0)
  );
}

/** Each unusable row once: with the page that passes its place. */
function reportable(
  unusable: Extract<Candidate, { unusable: string }>[],
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
    .map((candidate) => ({ mongo_doc_id: candidate.docId, reason: candidate.unusable }));
}

type Place = { timeMs: number; docId: string };

function comparePlaces(a: Place, b: Place): number {
  return a.timeMs - b.timeMs || compareBytes(a.docId, b.docId);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

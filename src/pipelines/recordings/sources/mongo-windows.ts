import type { Collection, Document } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import {
  nextRowPipelines,
  pagePipeline,
  type DocumentTie,
  type OrderedDocument,
} from './mongo-page-pipeline.js';
import { placeInOrder } from './mongo-id-order.js';
import { candidatesOf, type Candidate } from './mongo-rows.js';
import type { PageQuery } from './source-repository.js';
import { MAX_TIED_ROWS } from './tied-rows.js';
import type { TestDay } from './test-day.js';
import type { TimeWindow } from './time-window.js';

/** A window is read from an index in milliseconds; without one, half a minute scans millions of documents. */
const PAGE_QUERY_TIMEOUT_MS = 30_000;
/**
 * What lies before the date's own days, and after its last row, is asked once or twice a run, and read from the index on the date: all
 * documents of a run, from disks that may be cold. A page's activity may take ten minutes.
 */
const OPEN_QUERY_TIMEOUT_MS = 240_000;
/** What one window's query answered: the candidates up to where it is known to be complete. */
export interface WindowRead {
  candidates: Candidate[];
  documents: number;
  /** Set when the window holds more: everything up to and including this document's place was read. */
  cutAt: { timeMs: number; docId: string } | undefined;
}

/** What is asked of a date, whichever window. */
export interface WindowQuery extends Pick<PageQuery, 'subject_name' | 'signal'> {
  day: TestDay;
  /** What the subject's name must match; `undefined` leaves the comparison to the reader of documents. */
  namePattern: RegExp | undefined;
}

/** The queries that a page is made of. */
export function createWindowQueries(collection: Collection) {
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
  async function findNextRow(query: WindowQuery, window: TimeWindow): Promise<number | 'none' | 'unknown'> {
    const pipelines = nextRowPipelines({ ...query, window });
    const found = await Promise.all(
      pipelines.map((pipeline) => aggregate<{ vachan_first: Date | null }>(pipeline, window, query.signal)),
    );
    const times = found.flat().map(({ vachan_first: first }) => first?.getTime() ?? NaN);
    if (times.length === 0) return 'none';
    const firstMs = Math.min(...times);
    return Number.isNaN(firstMs) ? 'unknown' : firstMs;
  }

  /** The rows of a window, from the tie on; of at most `limit` documents. */
  async function readWindow(
    query: WindowQuery,
    window: TimeWindow,
    tie: DocumentTie | null,
    limit: number,
  ): Promise<WindowRead> {
    const { day, namePattern } = query;
    // One more than wanted, to see whether the last place is there as a whole.
    const pipeline = pagePipeline({ day, namePattern, window, tie, limit: limit + 1 });
    const documents = await aggregate<OrderedDocument>(pipeline, window, query.signal);
    let cutAt: Place | undefined;
    if (documents.length > limit) {
      // An id of another type may read the same (a string that looks like an ObjectId): such documents stay together.
      const next = placeOf(documents.at(-1)!);
      const whole = documents.findLastIndex((document) => comparePlaces(placeOf(document), next) !== 0) + 1;
      if (whole === 0 && limit < MAX_TIED_ROWS) return readWindow(query, window, tie, limit * 2);
      if (whole > 0) documents.length = whole;
      cutAt = placeOf(documents.at(-1)!);
    }
    const candidates = documents
      .flatMap((document) =>
        candidatesOf(document, document.vachan_id, collection.collectionName, day, query.subject_name),
      )
      .filter(
        (candidate) =>
          isUnread(candidate, window, tie) && (cutAt === undefined || comparePlaces(candidate, cutAt) <= 0),
      );
    return { candidates, documents: documents.length, cutAt };
  }

  return { findNextRow, readWindow };
}

function placeOf({ _id, vachan_first: first, vachan_id: orderKey }: OrderedDocument): Place {
  return { timeMs: first.getTime(), docId: placeInOrder(_id, orderKey) };
}

/** A document comes back for any of its subjects; those outside the window belong to another read. */
function isUnread(candidate: Candidate, window: TimeWindow, tie: DocumentTie | null): boolean {
  if (candidate.timeMs < window.fromMs || candidate.timeMs >= window.untilMs) return false;
  if (tie === null || candidate.timeMs > window.fromMs) return true;
  const order = compareBytes(candidate.docId, tie.docId);
  return tie.inclusive ? order >= 0 : order > 0;
}

export type Place = { timeMs: number; docId: string };

/** The order of rows, as far as time and document tell. */
export function comparePlaces(a: Place, b: Place): number {
  return a.timeMs - b.timeMs || compareBytes(a.docId, b.docId);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

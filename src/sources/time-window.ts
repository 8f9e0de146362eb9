import { z } from 'zod';

/**
 * How a page is read by windows of time.
 *
 * A window should hold about a page of rows. Nothing is known before the first page, so its window starts narrow and
 * grows; after that, the time the last page spanned says how wide the next one should be.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A night's recordings come tens to hundreds a minute; the growth corrects a wrong guess in a query or two. */
export const FIRST_WIDTH_MS = 10 * MINUTE_MS;
/** Narrower saves nothing: a second of recordings is less than a page, or a burst that sorting cuts anyway. */
const MIN_WIDTH_MS = SECOND_MS;
/** An empty window makes the next this much wider: a day's gap costs four queries. */
const GROWTH = 8;
/** Wider than any gap within one test date; what lies beyond comes from a wrong clock, and is read without end. */
const MAX_WIDTH_MS = 30 * DAY_MS;
/** A window a little wider than the last page spanned usually fills the page with one query. */
const MARGIN = 1.15;

/** From (inclusive) to (exclusive), milliseconds since the epoch; `Infinity` reads to the end. */
export interface TimeWindow {
  fromMs: number;
  untilMs: number;
}

/** The window that starts here; past the present there is only what wrong clocks made, which is read in one go. */
export function windowFrom(fromMs: number, widthMs: number, nowMs: number): TimeWindow {
  const untilMs = fromMs + widthMs;
  return { fromMs, untilMs: widthMs > MAX_WIDTH_MS || untilMs > nowMs ? Infinity : untilMs };
}

/** The first of all windows: everything before the day that the test date could begin on anywhere on Earth. */
export function windowBeforeTestDate(testDateMs: number): TimeWindow {
  return { fromMs: -Infinity, untilMs: testDateMs - DAY_MS / 2 };
}

/**
 * The width of a page's next window, when one has left rows missing: about twice what its density asks for, and
 * {@link GROWTH} times as wide where it was empty.
 *
 * @param found rows in the window just read
 * @param missing rows that the page still wants
 */
export function nextWidthWithinPage(widthMs: number, found: number, missing: number): number {
  const factor = found === 0 ? GROWTH : Math.max(1 / 4, Math.min(GROWTH, (2 * missing) / found));
  return Math.max(MIN_WIDTH_MS, widthMs * factor);
}

/**
 * The width for the next page, from what this one spanned.
 *
 * @param widthMs the width this page began with
 * @param spanMs from where this page began to its last row
 * @param share of a full page that this page held, above 0
 */
export function adaptWidth(widthMs: number, spanMs: number, share: number): number {
  const observed = Math.max(MIN_WIDTH_MS, (spanMs / share) * MARGIN);
  // The geometric mean follows a lasting change within three pages and shrugs off one gap or one burst.
  return Math.min(MAX_WIDTH_MS, Math.max(MIN_WIDTH_MS, Math.sqrt(widthMs * observed)));
}

const hintSchema = z.object({ window_ms: z.number().min(MIN_WIDTH_MS).max(MAX_WIDTH_MS) });

export function formatHint(widthMs: number): string {
  return JSON.stringify({ window_ms: Math.round(widthMs) } satisfies z.infer<typeof hintSchema>);
}

/** The width in a hint; a hint that is missing or unreadable (another version wrote it) costs only a few queries. */
export function readHint(hint: string | undefined): number {
  try {
    return hintSchema.parse(JSON.parse(hint ?? '')).window_ms;
  } catch {
    return FIRST_WIDTH_MS;
  }
}

import { z } from 'zod';

/**
 * How a page is read by windows of time.
 *
 * What a window holds beyond its page is read again for the next one, while a window that holds too little costs only another
 * query. So windows aim below what a page still wants, and widen slowly. Gaps are not waded through: the reader asks where the next row is.
 */
const SECOND_MS = 1_000;
const DAY_MS = 24 * 3_600 * SECOND_MS;

/** Where nothing is known of how dense rows are: some tens of them at the rate of a large run. */
export const FIRST_WIDTH_MS = SECOND_MS;
/** A burst of thousands of rows a second is still cut into pages. */
const MIN_WIDTH_MS = 10;
/** Wider than a page ever spans. */
const MAX_WIDTH_MS = 30 * DAY_MS;
/** Each window is at most so many times as wide as the one before: where a burst begins, a guess from before it holds far too much. */
const GROWTH = 2;
/** The share of what is missing that a window aims at; chance makes it more or less. */
const AIM = 0.8;
/** Below this share of a page, a window aims at a little more than what is missing, which ends the page. */
const REMAINDER = 0.3;
const REMAINDER_AIM = 1.1;
const REMAINDER_ROWS = 2;
/** A gap whose end is not known is crossed in a dozen windows, whatever its length. */
const BLIND_GROWTH = 8;
/** Longer than so many windows, a stretch without rows says nothing of how dense they are beyond it. */
const GAP_WIDTHS = 4;
/** Clocks that stamp whole seconds leave no gaps. */
const LEAST_GAP_MS = 4 * SECOND_MS;
/** What follows a gap is as often a burst as a straggler: the window after it starts at this part of it. */
const AFTER_GAP = 60;

/** From (inclusive) to (exclusive), milliseconds since the epoch; `Infinity` reads to the end. */
export interface TimeWindow {
  fromMs: number;
  untilMs: number;
}

/**
 * A window whose end is a whole millisecond, as dates are: of a bound between two, the query would leave a row to the next window, which
 * would think it read. Past the present there is only what wrong clocks made, which is read in one go.
 */
export function windowUntil(fromMs: number, untilMs: number, nowMs: number): TimeWindow {
  return { fromMs, untilMs: untilMs > nowMs ? Infinity : Math.ceil(untilMs) };
}

/** The first of all windows: everything before the day that the test date could begin on anywhere on Earth. */
export function windowBeforeTestDate(testDateMs: number): TimeWindow {
  return { fromMs: -Infinity, untilMs: testDateMs - DAY_MS / 2 };
}

/** How wide the windows of a page are, learnt from what they held. */
export interface Pace {
  widthMs(): number;
  /** Told after a window with rows: how many, until when they reached, and how many the page still wants. */
  foundRows(rows: number, untilMs: number, missing: number): void;
  /** Told when the next row after an empty window is known. */
  foundGap(nextRowMs: number): void;
  /** Told when a window was empty, and it is not known where the next row is. */
  foundNothing(): void;
}

/**
 * @param fromMs where the page begins
 * @param hintMs what the page before found right, or {@link FIRST_WIDTH_MS}
 * @param pageRows rows of a full page
 */
export function startPace(fromMs: number, hintMs: number, pageRows: number): Pace {
  let [widthMs, widestMs] = [hintMs, hintMs];
  // Since the page began, or since its last gap; and since the last window.
  let [stretchMs, windowMs, stretchRows] = [fromMs, fromMs, 0];
  const aimAt = (missing: number): number =>
    missing <= REMAINDER * pageRows ? missing * REMAINDER_AIM + REMAINDER_ROWS : missing * AIM;
  return {
    widthMs: () => widthMs,
    foundRows(rows, untilMs, missing) {
      stretchRows += rows;
      // The denser of the two: a window too small costs a query, one too large is read twice.
      const rowMs = Math.min((untilMs - stretchMs) / stretchRows, (untilMs - windowMs) / rows);
      windowMs = untilMs;
      // A full page leaves its width to the next one, and its last window may have been a small one for a remainder.
      const [wanted, mostMs] = missing > 0 ? [missing, GROWTH * widthMs] : [pageRows, GROWTH * widestMs];
      widthMs = withinBounds(Math.min(mostMs, aimAt(wanted) * rowMs));
      widestMs = Math.max(widestMs, widthMs);
    },
    foundGap(nextRowMs) {
      const gapMs = nextRowMs - windowMs;
      if (gapMs < LEAST_GAP_MS || gapMs < GAP_WIDTHS * widthMs) return;
      [stretchMs, windowMs, stretchRows] = [nextRowMs, nextRowMs, 0];
      widthMs = Math.max(FIRST_WIDTH_MS, Math.min(widthMs, gapMs / AFTER_GAP));
    },
    foundNothing() {
      widthMs = withinBounds(BLIND_GROWTH * widthMs);
    },
  };
}

const withinBounds = (widthMs: number): number => Math.min(MAX_WIDTH_MS, Math.max(MIN_WIDTH_MS, widthMs));

const hintSchema = z.object({ window_ms: z.number().min(MIN_WIDTH_MS).max(MAX_WIDTH_MS) });

export function formatHint(widthMs: number): string {
  return JSON.stringify({ window_ms: Math.ceil(widthMs) } satisfies z.infer<typeof hintSchema>);
}

/** The width in a hint; a hint that is missing or unreadable (another version wrote it) costs only a few queries. */
export function readHint(hint: string | undefined): number {
  try {
    return hintSchema.parse(JSON.parse(hint ?? '')).window_ms;
  } catch {
    return FIRST_WIDTH_MS;
  }
}

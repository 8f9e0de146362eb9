import { createHash } from 'node:crypto';
import { JobRefused } from '../errors.js';
import type { FilePage } from './export-source.js';

/** What a guard knows, as small JSON: one listing activity hands it to the next. Cursors are in it as hashes. */
export interface CursorGuardState {
  /** Pages seen. */
  pages: number;
  /** The cursors seen last. */
  recent: readonly string[];
  /** Of Brent's algorithm: a cursor far back, and how many more pages are held against it before a later one takes its place. */
  anchor: string;
  pagesLeft: number;
  /** The pages just before that had the very same files, or none, and which. */
  files: string;
  samePages: number;
}

/** Notices a listing that goes in circles, within bounded memory however long the listing is. */
export interface CursorGuard {
  /**
   * To be told of every page, in order.
   *
   * @throws JobRefused `cursor_loop` when a cursor repeats, or the pages do
   */
  see(page: FilePage): void;
  state(): CursorGuardState;
}

/** A repeat among the last cursors is noticed at once; one from longer ago within three times its circle. */
const RECENT_CURSORS = 32;

/** One file may be listed twice in a row by two small pages; not by so many. */
const MOST_SAME_PAGES = 10;
/** Servers that filter after they have cut pages give empty ones, though not for ever. */
const MOST_EMPTY_PAGES = 1_000;

const START: CursorGuardState = { pages: 0, recent: [], anchor: '', pagesLeft: 1, files: '', samePages: 0 };

/** @param state of the guard that saw the pages before */
export function createCursorGuard(state: CursorGuardState = START): CursorGuard {
  let known = state;
  return {
    see({ files, next }) {
      if (next === undefined) return;
      const cursor = hash([next]);
      if (cursor === known.anchor || known.recent.includes(cursor)) {
        throw new JobRefused('cursor_loop', `The listing's cursor repeats after ${known.pages + 1} pages.`);
      }
      const content = files.length === 0 ? '' : hash(files.map(({ id }) => id));
      const samePages = content === known.files ? known.samePages + 1 : 1;
      if (samePages > (content === '' ? MOST_EMPTY_PAGES : MOST_SAME_PAGES)) {
        const which = content === '' ? 'an empty page' : 'the same page';
        throw new JobRefused(
          'cursor_loop',
          `The listing has given ${which} ${samePages} times, each with another cursor.`,
        );
      }
      const pages = known.pages + 1;
      const moves = known.pagesLeft <= 1;
      known = {
        pages,
        recent: [...known.recent, cursor].slice(-RECENT_CURSORS),
        anchor: moves ? cursor : known.anchor,
        // Each anchor stays twice as long as the one before.
        pagesLeft: moves ? pages + 1 : known.pagesLeft - 1,
        files: content,
        samePages,
      };
    },
    state: () => known,
  };
}

const hash = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

import { Context } from '@temporalio/activity';
import { MAX_FILES } from '../../pipelines/exports/contract/limits.js';
import { ApiUnavailable, CursorExpired, ExportNotReady, JobRefused } from '../../pipelines/exports/errors.js';
import { createCursorGuard, type CursorGuardState } from '../../pipelines/exports/export-api/cursor-guard.js';
import type { ExportSource, FilePage } from '../../pipelines/exports/export-api/export-source.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import { namesOf, type ExportsLogger } from '../../pipelines/exports/log-events.js';
import type { ApiActivities, JobPlan, ListProgress } from './activity-types.js';
import type { SourcesOf } from './await-ready.js';
import { readKnownListing, type KnownListing } from './known-listing.js';

/** Of one activity: few enough for a killed one to lose little, many enough to keep a long listing's history short. */
const MOST_PAGES = 200;
const MOST_MS = 60_000;
/** Times that one listing begins again, since the API forgets its cursors. */
const MOST_RESTARTS = 20;

/** Where a listing goes on: a cursor may be a signed address, so that it is kept in S3 and never in a history. */
interface Bookmark {
  cursor: string | undefined;
  guard: CursorGuardState | undefined;
  restarts: number;
  /** Times that the API called a cursor of its own invalid: once may be a slip. */
  invalid: number;
}

export interface ListDependencies {
  state: Pick<ExportState, 'of' | 'objects'>;
  sources: SourcesOf;
  log: ExportsLogger;
  maxFiles?: number;
  now?: () => number;
}

/**
 * Lists an export, page after page. All of it is in S3 before anything is done with it, and ordinals come only from
 * there: a listing that begins again, in whatever order, knows the ids that it had and appends the others.
 */
export function createListPagesActivity({
  state,
  sources,
  log,
  maxFiles = MAX_FILES,
  now = Date.now,
}: ListDependencies): Pick<ApiActivities, 'listPages'> {
  const { objects } = state;
  return {
    async listPages(plan): Promise<ListProgress> {
      const signal = Context.current().cancellationSignal;
      const job = state.of(plan);
      const known = await readKnownListing(job, signal);
      const bookmark = await readBookmark(job, signal);
      const before = bookmark.cursor;
      const { all, failure } = await readPages(plan, known, bookmark, signal);
      signal.throwIfAborted();
      // What was read is kept though it ended early: even an API that fails every few pages is listed once.
      await known.flush();
      if (all) await objects.delete(job.keys.listingCursor, signal);
      else await objects.write(job.keys.listingCursor, JSON.stringify(bookmark), signal);
      if (failure instanceof JobRefused) {
        return { refused: { reason: failure.reason, detail: failure.message } };
      }
      const isStuck = isWaitedFor(failure) && bookmark.cursor === before;
      if (isStuck && now() - Context.current().info.scheduledTimestampMs >= patienceMs(plan)) {
        const detail = `Its files could not be listed. ${failure.message}`;
        return { refused: { reason: 'not_ready_in_time', detail } };
      }
      if (failure !== undefined) throw failure;
      log.info('export_files_listed', { ...namesOf(plan), files: known.size, all });
      return { listed: known.size, all_listed: all };
    },
  };

  /** @returns whether the last page was read, and what the API's side failed with. @throws DependencyUnavailable of the listing */
  async function readPages(
    plan: JobPlan,
    known: KnownListing,
    bookmark: Bookmark,
    signal: AbortSignal,
  ): Promise<{ all: boolean; failure?: Error }> {
    const source = sources.of(plan.source, plan.correlation_id);
    const until = now() + MOST_MS;
    for (let pages = 0; pages < MOST_PAGES && now() < until; pages++) {
      let page: FilePage | undefined;
      try {
        page = await readPage(source, plan.export_id, bookmark, signal);
      } catch (error) {
        return { all: false, failure: error as Error };
      }
      if (page === undefined) continue;
      const fresh = known.freshOf(page.files);
      if (known.size + fresh.length > maxFiles) {
        const detail = `It has more than ${maxFiles} files.`;
        return { all: false, failure: new JobRefused('too_many_files', detail) };
      }
      await known.add(fresh);
      await known.restate(page.files);
      bookmark.cursor = page.next;
      if (page.next === undefined) return { all: true };
    }
    return { all: false };
  }

  async function readBookmark({ keys }: JobState, signal: AbortSignal): Promise<Bookmark> {
    const text = await objects.read(keys.listingCursor, signal);
    return text === undefined
      ? { cursor: undefined, guard: undefined, restarts: 0, invalid: 0 }
      : (JSON.parse(text) as Bookmark);
  }
}

/** What another try may change. */
function isWaitedFor(failure: Error | undefined): failure is ApiUnavailable | ExportNotReady {
  return failure instanceof ApiUnavailable || failure instanceof ExportNotReady;
}

/** A listing that fails over and over is given as long as an export that is not ready: EXPORT_READY_DEADLINE. */
function patienceMs({ started_at: startedAt, ready_by: readyBy }: JobPlan): number {
  return Date.parse(readyBy) - Date.parse(startedAt);
}

/** Undefined where the cursor is forgotten: the listing begins again. @throws JobRefused, ApiUnavailable */
async function readPage(
  source: ExportSource,
  exportId: string,
  bookmark: Bookmark,
  signal: AbortSignal,
): Promise<FilePage | undefined> {
  try {
    const page = await source.page(exportId, bookmark.cursor, signal);
    const guard = createCursorGuard(bookmark.guard);
    guard.see(page);
    bookmark.guard = guard.state();
    return page;
  } catch (error) {
    if (!(error instanceof CursorExpired)) throw error;
    bookmark.restarts += 1;
    if (error.code === 'cursor_invalid') bookmark.invalid += 1;
    if (bookmark.restarts > MOST_RESTARTS || bookmark.invalid > 1) {
      const what = error.code === 'cursor_invalid' ? 'did not take its own cursor' : 'forgot its cursor';
      throw new JobRefused('cursor_loop', `The API ${what} ${bookmark.restarts} times.`, { cause: error });
    }
    Object.assign(bookmark, { cursor: undefined, guard: undefined });
    return undefined;
  }
}

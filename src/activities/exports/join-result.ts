import { Context } from '@temporalio/activity';
import { escapeName } from '../../pipelines/exports/archive/escape-name.js';
import type { EntryRow, Fragment, PlacedRow } from '../../pipelines/exports/contract/fragment.js';
import type { ListedFile } from '../../pipelines/exports/contract/listed-file.js';
import type { EntryReason } from '../../pipelines/exports/contract/reasons.js';
import {
  endState,
  type ExportResult,
  type ManifestRow,
  type MissingRow,
  type RejectRow,
} from '../../pipelines/exports/contract/result.js';
import { namesOf, type ExportsLogger } from '../../pipelines/exports/log-events.js';
import type { MetadataStore } from '../../pipelines/exports/metadata/metadata-store.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import { NameSet } from '../../pipelines/exports/state/name-set.js';
import { addCounts } from '../../contract/counts.js';
import { aheadInOrder } from './ahead-in-order.js';
import type { JoinInput, WorkActivities } from './activity-types.js';

/** Fragments that are read at once, ahead of the one that is being joined. */
const AHEAD = 16;
/** Rows of a file that are read ahead with its fragment; more are streamed. */
const ROWS_AHEAD = 1_000;

export interface JoinDependencies {
  state: Pick<ExportState, 'of' | 'objects'>;
  metadata: Pick<MetadataStore, 'names'>;
  log: ExportsLogger;
}

/**
 * Puts together what became of a job from its listing, its fragments and the metadata. The same input on the same
 * fragments gives the same content, so that a join whose answer was lost is done again. `result.json` comes last.
 */
export function createJoinResultActivity({
  state,
  metadata,
  log,
}: JoinDependencies): Pick<WorkActivities, 'joinResult'> {
  return {
    async joinResult(input) {
      const signal = Context.current().cancellationSignal;
      const job = state.of(input.plan);
      const result = await joinFragments(job, input, signal);
      await state.objects.write(job.keys.result(), JSON.stringify(result), signal);
      const { state: ended, reason, files, entries } = result;
      log.info('export_job_ended', { ...namesOf(input.plan), state: ended, reason, files, entries });
      return result;
    },
  };

  async function joinFragments(job: JobState, input: JoinInput, signal: AbortSignal): Promise<ExportResult> {
    const { keys } = job;
    const [manifest, rejects, missing] = [keys.manifest(), keys.rejects(), keys.missing()].map((key) =>
      state.objects.startLines(key, signal),
    ) as [Lines, Lines, Lines];
    try {
      const sums = noSums();
      const seen = new NameSet();
      for await (const { file, fragment, rows } of readAhead(job, signal)) {
        addFile(sums, fragment);
        if (fragment?.state !== 'settled') await rejects.add(JSON.stringify(wholeFile(file, fragment)));
        for await (const row of rows) {
          // Of a refused entry the row has the escaped name.
          seen.add(row.outcome === 'rejected' ? row.entry : escapeName(row.entry));
          if (row.outcome === 'directory') continue;
          if (row.outcome === 'rejected') await rejects.add(JSON.stringify(rejectedEntry(file, row)));
          else await manifest.add(JSON.stringify(placedEntry(file, row)));
        }
      }
      const { files, entries } = sums;
      // What was not read may have had any entry.
      if (files.settled + files.failed === files.listed) {
        for await (const names of metadata.names(input.plan, signal)) {
          for (const name of names.filter((candidate) => !seen.has(escapeName(candidate)))) {
            entries.missing += 1;
            await missing.add(JSON.stringify({ entry: name } satisfies MissingRow));
          }
        }
      }
      for (const list of [manifest, rejects, missing]) await list.finish();
      return resultOf(input, sums, keys);
    } catch (error) {
      for (const list of [manifest, rejects, missing]) await list.abandon();
      throw error;
    }
  }
}

type Lines = ReturnType<ExportState['objects']['startLines']>;
type Sums = Pick<ExportResult, 'files' | 'entries' | 'bytes' | 'rejected_by_reason'> & {
  seconds: { download: number; inflate: number; upload: number };
};

function noSums(): Sums {
  return {
    files: { listed: 0, settled: 0, failed: 0 },
    entries: { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0, missing: 0 },
    bytes: { zip_total: 0, downloaded: 0, inflated: 0, uploaded: 0 },
    rejected_by_reason: {},
    seconds: { download: 0, inflate: 0, upload: 0 },
  };
}

function addFile(sums: Sums, fragment: Fragment | undefined): void {
  sums.files.listed += 1;
  if (fragment === undefined) return;
  sums.files[fragment.state] += 1;
  sums.entries = addCounts(sums.entries, fragment.entries);
  sums.bytes = addCounts(sums.bytes, { ...fragment.bytes, zip_total: fragment.size ?? 0 });
  sums.rejected_by_reason = addCounts<EntryReason>(
    sums.rejected_by_reason as Record<EntryReason, number>,
    fragment.rejected_by_reason,
  );
  const { download, inflate, upload } = fragment.seconds;
  sums.seconds = addCounts(sums.seconds, { download, inflate, upload });
}

interface JoinedFile {
  file: ListedFile;
  /** Undefined of a file that was not worked on. */
  fragment: Fragment | undefined;
  rows: AsyncIterable<EntryRow> | readonly EntryRow[];
}

function readAhead(job: JobState, signal: AbortSignal): AsyncIterable<JoinedFile> {
  return aheadInOrder(job.listing.read(signal), AHEAD, async (file): Promise<JoinedFile> => {
    const fragment = await job.fragments.read(file.ordinal, signal);
    // A file that failed half-way has rows of what it had settled.
    const hasNone = fragment?.state !== 'settled' && (fragment?.entries.seen ?? 0) === 0;
    if (hasNone) return { file, fragment, rows: [] };
    const streamed = job.fragments.rows(file.ordinal, signal);
    if (fragment!.entries.seen > ROWS_AHEAD) return { file, fragment, rows: streamed };
    return { file, fragment, rows: await begun(streamed) };
  });
}

/** The same rows, the first of them read by now: directories are not counted, and there may be any number. */
async function begun(rows: AsyncIterable<EntryRow>): Promise<AsyncIterable<EntryRow>> {
  const iterator = rows[Symbol.asyncIterator]();
  const first: EntryRow[] = [];
  let next = await iterator.next();
  for (; next.done !== true && first.length < ROWS_AHEAD; next = await iterator.next())
    first.push(next.value);
  return (async function* () {
    yield* first;
    for (; next.done !== true; next = await iterator.next()) yield next.value;
  })();
}

function placedEntry(file: ListedFile, row: PlacedRow): ManifestRow {
  const { key, size, crc32, entry, outcome } = row;
  return {
    key,
    size,
    crc32,
    entry,
    file_id: file.file_id,
    file_name: file.name,
    ordinal: file.ordinal,
    outcome,
  };
}

function rejectedEntry(file: ListedFile, row: Extract<EntryRow, { outcome: 'rejected' }>): RejectRow {
  const { entry, reason, detail, stated, found } = row;
  return {
    file_id: file.file_id,
    file_name: file.name,
    entry,
    ordinal: file.ordinal,
    reason,
    ...(detail !== undefined && { detail }),
    ...(stated !== undefined && { stated }),
    ...(found !== undefined && { found }),
  };
}

function wholeFile(file: ListedFile, fragment: Fragment | undefined): RejectRow {
  const detail = fragment === undefined ? 'The job ended before it was worked on.' : fragment.detail;
  return {
    file_id: file.file_id,
    file_name: file.name,
    entry: null,
    ordinal: file.ordinal,
    reason: fragment?.reason ?? 'cancelled',
    ...(detail !== undefined && { detail }),
  };
}

function resultOf(
  { plan, finished_at: finishedAt, ended }: JoinInput,
  { files, entries, bytes, rejected_by_reason: rejectedByReason, seconds }: Sums,
  keys: JobState['keys'],
): ExportResult {
  return {
    version: 1,
    source: plan.source,
    export_id: plan.export_id,
    attempt: plan.attempt,
    correlation_id: plan.correlation_id,
    ...(plan.message_id !== undefined && { message_id: plan.message_id }),
    state: ended?.state ?? endState({ files, entries }),
    ...(ended?.state === 'failed' && { reason: ended.reason }),
    ...(ended?.detail !== undefined && { detail: ended.detail }),
    started_at: plan.started_at,
    finished_at: finishedAt,
    files,
    entries,
    bytes,
    rejected_by_reason: rejectedByReason,
    durations: { total: (Date.parse(finishedAt) - Date.parse(plan.started_at)) / 1000, ...seconds },
    manifest_key: keys.manifest(),
    rejects_key: keys.rejects(),
    missing_key: keys.missing(),
  };
}

import type { ByteBudget } from '../../../platform/byte-budget.js';
import type { Archive } from '../archive/archive.js';
import { METHODS } from '../archive/archive-entry.js';
import { streamedContent, type WholeContents } from '../archive/entry-content.js';
import type { RandomAccess } from '../archive/random-access.js';
import type { JobRef } from '../contract/job-ref.js';
import { EntryRefused, UploadYielded } from '../errors.js';
import type { EntryToUpload, UploadControls, Uploader, UploadOutcome } from '../upload/uploader.js';
import type { SpareBuffers } from '../upload/spare-buffers.js';
import type { EntryOutcomes } from './entry-outcomes.js';
import { BUDGET_RANKS } from './file-work.js';
import type { WantedEntry } from './judge-entries.js';
import { createWorkMeter, meteredAccess, meteredChunks, type WorkMeter } from './work-meter.js';

/** One file's uploads, and what they are done with. */
export interface UploadWork {
  job: JobRef;
  /** Of the file. */
  ordinal: number;
  source: RandomAccess;
  archive: Archive;
  outcomes: EntryOutcomes;
  /** What small entries are inflated with, and into. */
  contents: WholeContents;
  buffers: SpareBuffers;
  meter: WorkMeter;
  uploader: Uploader;
  budget: ByteBudget;
  controls: UploadControls;
  /** Told of a failure at once, so that what else goes on can end. */
  fail: (error: unknown) => void;
}

/** A chunk that came, one that is inflated from it, and one more of each on its way. */
const STREAM_BYTES = 4 * 1024 * 1024;

/** Uploads an entry whose content is read as it is sent. */
export async function uploadStreamed(work: UploadWork, wanted: WantedEntry): Promise<void> {
  const { archive, controls, meter } = work;
  const { entry } = wanted;
  const hold = await work.budget.take(STREAM_BYTES, { rank: BUDGET_RANKS.content, signal: controls.signal });
  try {
    await uploadEntry(work, wanted, {
      seekable: entry.method === METHODS.stored,
      content: (from, signal) => {
        const own = createWorkMeter();
        const source = meteredAccess(work.source, own);
        return contentOnMeter(streamedContent(source, archive, entry, from, signal), own, meter);
      },
    });
  } finally {
    hold.release();
  }
}

/** @param own what the content has taken of the source; it flows while chunks are inflated, which is the rest */
async function* contentOnMeter(
  content: AsyncIterable<Buffer>,
  own: WorkMeter,
  meter: WorkMeter,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of meteredChunks(content, own, 'inflate')) {
      meter.bytes.inflated += chunk.length;
      yield chunk;
    }
  } finally {
    meter.seconds.download += own.seconds.download;
    meter.seconds.inflate += Math.max(0, own.seconds.inflate - own.seconds.download);
  }
}

/** Uploads an entry and settles it. @throws as the uploader does, but for EntryRefused */
export async function uploadEntry(
  { job, ordinal, archive, outcomes, meter, uploader, controls }: UploadWork,
  wanted: WantedEntry,
  content: Pick<EntryToUpload, 'seekable' | 'content' | 'whole'>,
): Promise<void> {
  const { entry } = wanted;
  const own = createWorkMeter();
  const started = performance.now();
  try {
    const toUpload = entryToUpload(job, ordinal, archive, wanted, {
      ...content,
      content: (from, signal) => meteredChunks(content.content(from, signal), own, 'inflate'),
    });
    settle(outcomes, wanted, await uploader.upload(toUpload, controls), meter);
  } catch (error) {
    if (!(error instanceof EntryRefused)) throw error;
    outcomes.rejected(entry.n, refusalOf(error), true);
  } finally {
    meter.seconds.upload += Math.max(0, (performance.now() - started) / 1_000 - own.seconds.inflate);
  }
}

/** Writes down what became of an entry. */
export function settle(
  outcomes: EntryOutcomes,
  { entry, key, metadata }: WantedEntry,
  outcome: UploadOutcome,
  meter: WorkMeter,
): void {
  if (outcome.outcome === 'rejected') {
    outcomes.rejected(entry.n, { ...outcome, detail: outcome.detail ?? '' }, true);
    return;
  }
  meter.bytes.uploaded += outcome.bytesUploaded;
  outcomes.placed(entry.n, outcome.outcome, metadata.targetKey === undefined ? undefined : key);
}

export function entryToUpload(
  job: JobRef,
  ordinal: number,
  archive: Archive,
  { entry, key, metadata }: WantedEntry,
  content: Pick<EntryToUpload, 'seekable' | 'content' | 'whole'>,
): EntryToUpload {
  return {
    job,
    ordinal,
    n: entry.n,
    key,
    size: entry.size,
    crc32: entry.crc32,
    digests: digestsOf(metadata),
    ...(metadata.contentType !== undefined && { contentType: metadata.contentType }),
    archiveTag: archive.directoryDigest,
    ...content,
  };
}

/** All that are stated: who writes the metadata may have reasons of their own for each. */
function digestsOf(metadata: WantedEntry['metadata']): EntryToUpload['digests'] {
  return (['sha256', 'md5'] as const).flatMap((algorithm) => {
    const value = metadata[algorithm];
    return value === undefined ? [] : [{ algorithm, value }];
  });
}

export function refusalOf({ reason, message, stated, found }: EntryRefused): {
  reason: EntryRefused['reason'];
  detail: string;
  stated?: string | number;
  found?: string | number;
} {
  return {
    reason,
    detail: message,
    ...(stated !== undefined && { stated }),
    ...(found !== undefined && { found }),
  };
}

export function yieldIfAsked(controls: UploadControls): void {
  if (controls.shouldYield()) throw new UploadYielded('The task was asked to stop between two entries.');
}

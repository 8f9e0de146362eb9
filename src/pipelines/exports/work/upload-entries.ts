import { setMaxListeners } from 'node:events';
import { createWholeContents } from '../archive/entry-content.js';
import { UploadYielded } from '../errors.js';
import { createContentBuffers } from './content-buffers.js';
import { planReads, type PlannedRead } from '../archive/read-plan.js';
import type { Judgement, WantedEntry } from './judge-entries.js';
import { uploadSpan } from './upload-span.js';
import { uploadStreamed, yieldIfAsked, type UploadWork } from './upload-entry.js';

/** Requests at once for one file: while one waits for its first byte, the others fill the line. */
const READS_AT_ONCE = 4;

/** A range of the archive, and what is wanted of it. */
interface WantedRead {
  read: PlannedRead;
  wanted: ReadonlyMap<number, WantedEntry>;
}

/**
 * Uploads what is wanted, and settles every entry that is judged. All that it has begun has ended when it returns.
 *
 * @throws UploadYielded when it was asked to stop, with what is done recorded; FileRefused when an entry reaches into
 *   another one; ArchiveChanged, ApiUnavailable, DependencyUnavailable
 */
export async function uploadEntries(
  work: Omit<UploadWork, 'fail' | 'contents' | 'buffers'>,
  judgements: AsyncIterable<readonly Judgement[]>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([work.controls.signal, stop.signal]);
  // It stops dozens of requests at a time.
  setMaxListeners(0, signal);
  const contents = createWholeContents(work.archive);
  const lane = laneOf(
    {
      ...work,
      ...{ contents, buffers: createContentBuffers() },
      controls: { ...work.controls, signal },
      // Others that yield are to reach their own part's end first.
      fail: (error) => {
        if (!(error instanceof UploadYielded)) stop.abort(error);
      },
    },
    wantedReads(work, judgements),
  );
  const ends = await Promise.allSettled(Array.from({ length: READS_AT_ONCE }, lane));
  contents.close();
  work.controls.signal.throwIfAborted();
  stop.signal.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** What is done by one of several at once: they share the reads, and one that fails ends them for all. */
function laneOf(work: UploadWork, reads: AsyncIterable<WantedRead>): () => Promise<void> {
  return async () => {
    try {
      for await (const { read, wanted } of reads) {
        yieldIfAsked(work.controls);
        if (read.kind === 'streamed') await uploadStreamed(work, wanted.get(read.entry.n)!);
        else await uploadSpan(work, read, wanted);
      }
    } catch (error) {
      work.fail(error);
      throw error;
    }
  };
}

async function* wantedReads(
  { outcomes }: Pick<UploadWork, 'outcomes'>,
  judgements: AsyncIterable<readonly Judgement[]>,
): AsyncGenerator<WantedRead> {
  for await (const batch of judgements) {
    const wanted = new Map<number, WantedEntry>();
    for (const judgement of batch) {
      if (judgement.wanted) wanted.set(judgement.entry.n, judgement);
      else outcomes.rejected(judgement.entry.n, judgement.refusal, judgement.matched);
    }
    const entries = [...wanted.values()].map(({ entry }) => entry);
    for (const read of planReads(entries)) yield { read, wanted };
  }
}

import { setImmediate } from 'node:timers/promises';
import { METHODS, type ArchiveEntry } from '../archive/archive-entry.js';
import { chunkReader, type ChunkReader } from '../archive/chunk-reader.js';
import { readEnd } from '../archive/entry-content.js';
import { planReads, type PlannedRead } from '../archive/read-plan.js';
import { EntryRefused } from '../errors.js';
import { BUDGET_RANKS } from './file-work.js';
import type { WantedEntry } from './judge-entries.js';
import { settleThoseInPlace } from './in-place.js';
import { createUploadSlots } from './upload-slots.js';
import { refusalOf, uploadEntry, yieldIfAsked, type UploadWork } from './upload-entry.js';
import { meteredAccess } from './work-meter.js';

type Span = PlannedRead & { kind: 'span' };

/** A PUT of some KB waits for its answer nearly all of its time. */
const UPLOADS_AT_ONCE = 8;
/** About what 5 ms inflate: then sockets and heartbeats have their turn. */
const SLICE_BYTES = 1024 * 1024;

/** Uploads a span's entries while it is read; those that are in place already are not read. */
export async function uploadSpan(
  work: UploadWork,
  span: Span,
  wanted: ReadonlyMap<number, WantedEntry>,
): Promise<void> {
  const left = await settleThoseInPlace(
    work,
    span.entries.map(({ n }) => wanted.get(n)!),
  );
  for (const read of planReads(left.map(({ entry }) => entry))) {
    // All are small enough to be held whole, so that each read is a span.
    if (read.kind === 'span') await readAndUpload(work, read, wanted);
  }
}

async function readAndUpload(
  work: UploadWork,
  { entries, start, end }: Span,
  wanted: ReadonlyMap<number, WantedEntry>,
): Promise<void> {
  const { budget, buffers, controls, source, meter } = work;
  const reader = chunkReader(meteredAccess(source, meter).stream(start, end, controls.signal));
  const uploads = createUploadSlots(UPLOADS_AT_ONCE, work.fail);
  let at = start;
  let slice = 0;
  try {
    for (const entry of entries) {
      yieldIfAsked(controls);
      await uploads.free();
      const hold = await budget.take(heldBytes(entry), {
        rank: BUDGET_RANKS.content,
        signal: controls.signal,
      });
      const buffer = buffers.take(entry.size + 1);
      const content = await nextContent(work, reader, entry, at, buffer).catch((error: unknown) => {
        hold.release();
        throw error;
      });
      at = readEnd(entry);
      if (content === undefined) {
        buffers.giveBack(buffer);
        hold.release();
        continue;
      }
      const whole = { seekable: true, whole: content, content: (from: number) => pieces(content, from) };
      uploads.start(
        uploadEntry(work, wanted.get(entry.n)!, whole)
          .then(() => buffers.giveBack(buffer))
          .finally(() => hold.release()),
      );
      slice += entry.size;
      if (slice >= SLICE_BYTES) {
        slice = 0;
        await setImmediate();
      }
    }
    await uploads.done();
  } finally {
    await uploads.ended();
    await reader.close();
  }
}

/**
 * An entry's content, checked, from a reader that stands at `at`; undefined where it is refused.
 *
 * @param into what holds it
 * @throws FileRefused when it reaches into what follows; what the source throws
 */
async function nextContent(
  { contents, meter, outcomes }: UploadWork,
  reader: ChunkReader,
  entry: ArchiveEntry,
  at: number,
  into: Buffer,
): Promise<Buffer | undefined> {
  await reader.skip(entry.offset - at);
  const bytes = await reader.view(readEnd(entry) - entry.offset);
  const started = performance.now();
  try {
    const content = contents.read(entry, bytes, into);
    meter.bytes.inflated += content.length;
    return content;
  } catch (error) {
    if (!(error instanceof EntryRefused)) throw error;
    outcomes.rejected(entry.n, refusalOf(error), true);
    return undefined;
  } finally {
    meter.seconds.inflate += (performance.now() - started) / 1_000;
  }
}

/** What an entry is read from, and what it is inflated to. */
function heldBytes(entry: ArchiveEntry): number {
  return readEnd(entry) - entry.offset + (entry.method === METHODS.stored ? 0 : entry.size);
}

// eslint-disable-next-line @typescript-eslint/require-await -- as content that is waited for
async function* pieces(content: Buffer, from: number): AsyncGenerator<Buffer> {
  if (from < content.length) yield content.subarray(from);
}

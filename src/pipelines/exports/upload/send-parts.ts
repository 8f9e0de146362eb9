import { crc32 } from 'node:zlib';
import type { ObjectStore, StoredPart, UploadRef } from '../../../objects/data-path/object-store.js';
import type { ByteBudget } from '../../../platform/byte-budget.js';
import { UploadYielded } from '../errors.js';
import type { DigestCheck } from './digest-check.js';
import { filledParts, type FilledPart } from './filled-parts.js';
import type { SpareBuffers } from './spare-buffers.js';
import { runsOf, type PlannedPart } from './part-plan.js';
import type { EntryToUpload, UploadControls } from './uploader.js';

/** Beside the one that is being filled. One connection to S3 moves 50 to 90 MB/s, inflating about as much as three of them. */
const PARTS_IN_FLIGHT = 3;

export interface PartsDependencies {
  store: ObjectStore;
  budget: ByteBudget;
  buffers: SpareBuffers;
}

/**
 * Sends the parts that are missing, each while the next one is filled. Where bytes can be skipped at no cost, and no digest needs all of
 * them, only stretches with missing parts are read; else the content is read once from its start to its end.
 *
 * @returns those parts
 * @throws UploadYielded at a part's end; as `ObjectStore.uploadPart`, and EntryRefused from the content
 */
export async function sendParts(
  { store, budget, buffers }: PartsDependencies,
  upload: UploadRef,
  entry: EntryToUpload,
  missing: readonly PlannedPart[],
  digest: DigestCheck,
  { signal: callersSignal, shouldYield, onProgress }: UploadControls,
): Promise<StoredPart[]> {
  const sent: StoredPart[] = [];
  const flights = new Set<Promise<void>>();
  const failure = new AbortController();
  const signal = AbortSignal.any([callersSignal, failure.signal]);

  const send = async (part: FilledPart): Promise<void> => {
    let stored = false;
    try {
      sent.push(await store.uploadPart(upload, part.partNumber, part.bytes, crc32(part.bytes), signal));
      stored = true;
      onProgress(part.bytes.length);
    } catch (error) {
      // The first failure stops the reading and the other parts.
      failure.abort(error);
    } finally {
      part.release(stored);
    }
  };
  const readAndSend = async (from: number, parts: readonly PlannedPart[], toEnd: boolean): Promise<void> => {
    const content = entry.content(from, signal);
    const onChunk = (chunk: Buffer): void => digest.update(chunk);
    const cut = { from, size: entry.size, parts, toEnd, onChunk };
    for await (const part of filledParts(content, cut, { budget, buffers, signal })) {
      const flight: Promise<void> = send(part).finally(() => flights.delete(flight));
      flights.add(flight);
      const isLast = part.partNumber === missing.at(-1)?.partNumber;
      if (!isLast && shouldYield())
        throw new UploadYielded('The upload stopped after a part, as it was asked to');
      if (flights.size >= PARTS_IN_FLIGHT) await Promise.race(flights);
      signal.throwIfAborted();
    }
  };

  try {
    if (entry.seekable && entry.digests.length === 0) {
      for (const run of runsOf(missing)) await readAndSend(run[0]!.start, run, false);
    } else {
      await readAndSend(0, missing, true);
    }
  } catch (error) {
    // Parts under way are worth keeping when the upload goes on later; nothing else is.
    if (!(error instanceof UploadYielded)) failure.abort(error);
    await Promise.all(flights);
    callersSignal.throwIfAborted();
    failure.signal.throwIfAborted();
    throw error;
  }
  await Promise.all(flights);
  signal.throwIfAborted();
  return sent;
}

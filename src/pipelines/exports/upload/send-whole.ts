import type { ObjectStore, WriteCondition } from '../../../objects/data-path/object-store.js';
import type { ByteBudget } from '../../../platform/byte-budget.js';
import { EntryRefused } from '../errors.js';
import { startDigestCheck } from './digest-check.js';
import { attributesOf } from './entry-mark.js';
import { SENDING_RANK, type OutputOptions } from './upload-options.js';
import type { EntryToUpload, UploadControls, UploadOutcome } from './uploader.js';

/** Writes a small entry in one request. @throws as `ObjectStore.put`, and EntryRefused from the content */
export async function sendWhole(
  { store, budget, output }: { store: ObjectStore; budget: ByteBudget; output: OutputOptions },
  entry: EntryToUpload,
  condition: WriteCondition,
  { signal, onProgress }: UploadControls,
): Promise<UploadOutcome> {
  // What is in memory already has its bytes of the budget.
  const hold =
    entry.whole === undefined ? await budget.take(entry.size, { rank: SENDING_RANK, signal }) : undefined;
  try {
    const chunks = entry.whole === undefined ? await collected(entry, signal) : [entry.whole];
    const digest = startDigestCheck(entry);
    let bytes = 0;
    for (const chunk of chunks) {
      digest.update(chunk);
      bytes += chunk.length;
    }
    if (bytes !== entry.size) throw wrongSize(entry.size, bytes);
    const refusal = digest.verdict();
    if (refusal !== undefined) return refusal;
    const { bucket } = output;
    const options = { crc32: entry.crc32, attributes: attributesOf(entry, output), condition };
    await store.put({ bucket, key: entry.key }, chunks, options, signal);
    onProgress(bytes);
    return { outcome: 'uploaded', bytesUploaded: bytes };
  } finally {
    hold?.release();
  }
}

/** A byte more than are stated is enough to know. */
async function collected(entry: EntryToUpload, signal: AbortSignal): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of entry.content(0, signal)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > entry.size) break;
  }
  return chunks;
}

/** The last line of defence: whoever reads the archive says so in more words. */
export function wrongSize(stated: number, found: number): EntryRefused {
  return new EntryRefused('size', 'the content has another size than stated', { stated, found });
}

import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { allTaken, refusal, wrongSize } from './inflate-verdicts.js';

/** Of a stream's output: an eighth of a part, few enough crossings into the thread pool. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Inflates in the thread pool, in chunks that are the receiver's to keep.
 *
 * @param compressedSize and `size` are those that are stated
 * @throws EntryRefused `corrupt`, `size`, `trailing_data`, at the latest with its end
 */
export async function* inflateStream(
  deflated: AsyncIterable<Buffer>,
  { compressedSize, size }: { compressedSize: number; size: number },
): AsyncGenerator<Buffer> {
  const engine = createInflateRaw({ chunkSize: CHUNK_BYTES });
  const feeding = feed(deflated, engine);
  let inflated = 0;
  try {
    for await (const chunk of engine as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      if (inflated > size) throw wrongSize(size, inflated);
      yield chunk;
    }
    if (inflated !== size) throw wrongSize(size, inflated);
    allTaken(compressedSize, engine.bytesWritten);
  } catch (error) {
    throw refusal(error) ?? error;
  } finally {
    engine.destroy();
    await feeding;
  }
}

/** Writes until the engine has had enough: a stream that ends early takes no more, and never says so to a writer. */
async function feed(deflated: AsyncIterable<Buffer>, engine: InflateRaw): Promise<void> {
  const closed = new Promise<void>((resolve) => engine.once('close', resolve).once('end', resolve));
  try {
    for await (const chunk of deflated) {
      if (engine.readableEnded || engine.destroyed) return;
      if (!engine.write(chunk)) {
        await Promise.race([new Promise((resolve) => engine.once('drain', resolve)), closed]);
      }
    }
    engine.end();
  } catch (error) {
    engine.destroy(error as Error);
  }
}

import type { ByteBudget, ByteHold } from '../../../platform/byte-budget.js';
import type { SpareBuffers } from './spare-buffers.js';
import type { PlannedPart } from './part-plan.js';
import { wrongSize } from './send-whole.js';
import { SENDING_RANK } from './upload-options.js';

/** A part's bytes, in a buffer that is the receiver's until it calls `release`. */
export interface FilledPart extends PlannedPart {
  bytes: Buffer;
  /** @param stored true when nothing reads the bytes any more */
  release(stored: boolean): void;
}

/**
 * Cuts content into those parts that are wanted; what lies between them is only passed over. Each part's bytes are taken from the budget
 * before it is filled.
 *
 * @param from byte of the object at which the content starts
 * @param parts in order; content is read to its end only if the last one ends there or `toEnd` says so
 * @throws EntryRefused when the content is shorter or longer than `size`
 */
export async function* filledParts(
  content: AsyncIterable<Buffer>,
  {
    from,
    size,
    parts,
    toEnd,
    onChunk,
  }: {
    from: number;
    size: number;
    parts: readonly PlannedPart[];
    toEnd: boolean;
    onChunk: (chunk: Buffer) => void;
  },
  { budget, buffers, signal }: { budget: ByteBudget; buffers: SpareBuffers; signal: AbortSignal },
): AsyncGenerator<FilledPart> {
  const wanted = [...parts];
  const readsToEnd = toEnd || parts.at(-1)?.end === size;
  let position = from;
  let filling: FilledPart | undefined;
  try {
    for await (const chunk of content) {
      onChunk(chunk);
      const chunkStart = position;
      position += chunk.length;
      if (position > size) throw wrongSize(size, position);
      for (let next = wanted[0]; next !== undefined && next.start < position; next = wanted[0]) {
        filling ??= await startPart(next, budget, buffers, signal);
        const start = Math.max(next.start, chunkStart);
        const end = Math.min(next.end, position);
        chunk.copy(filling.bytes, start - next.start, start - chunkStart, end - chunkStart);
        if (end < next.end) break;
        wanted.shift();
        const filled = filling;
        filling = undefined;
        yield filled;
      }
      if (wanted.length === 0 && !readsToEnd) return;
    }
    if (position !== size) throw wrongSize(size, position);
  } finally {
    filling?.release(true);
  }
}

async function startPart(
  part: PlannedPart,
  budget: ByteBudget,
  buffers: SpareBuffers,
  signal: AbortSignal,
): Promise<FilledPart> {
  const length = part.end - part.start;
  const hold: ByteHold = await budget.take(length, { rank: SENDING_RANK, signal });
  const buffer = buffers.take(length);
  return {
    ...part,
    bytes: buffer.subarray(0, length),
    release: (stored) => {
      if (stored) buffers.giveBack(buffer);
      hold.release();
    },
  };
}

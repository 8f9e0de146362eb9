/** 12 seconds at 22,050 Hz. */
const BLOCK_SAMPLES = 2 ** 18;
/** Blocks that are kept for the next recording: of one of 48 seconds, 4 MB. */
const KEPT_BLOCKS = 4;

/**
 * Samples appended at the end. They lie in blocks, which one recording after the other uses: an array that grows by copying leaves
 * each of its former selves to the garbage collector, 60 MB of them for ten minutes.
 */
export interface SampleBuffer {
  /** Forgets what it holds. */
  start(): void;
  /** Room for `count` more values, counted as written. */
  reserve(count: number): Float32Array;
  /** The last `count` values were not written. */
  giveBack(count: number): void;
  /** A copy of up to `count` values from `from` on; forgets the rest. */
  take(from: number, count: number): Float32Array;
  /** Nobody uses any more what `take` gave: the next one may lie there. */
  recycle(taken: Float32Array): void;
}

export function createSampleBuffer(): SampleBuffer {
  const blocks: { values: Float32Array; used: number }[] = [];
  let current = -1;
  let length = 0;
  let spare: Float32Array | undefined;

  function start(): void {
    blocks.splice(KEPT_BLOCKS);
    current = -1;
    length = 0;
  }
  function nextBlock(count: number): void {
    const kept = blocks[++current];
    if (kept && kept.values.length >= count) kept.used = 0;
    else blocks[current] = { values: unsetFloats(Math.max(BLOCK_SAMPLES, count)), used: 0 };
  }
  /** Pages of a new array are the kernel's work, 1 to 2 ms for half a minute. */
  function room(count: number): Float32Array {
    const kept = spare;
    spare = undefined;
    if (kept && kept.length >= count) return kept.subarray(0, count);
    return unsetFloats(Math.ceil(count / BLOCK_SAMPLES) * BLOCK_SAMPLES).subarray(0, count);
  }
  return {
    start,
    reserve(count) {
      const last = blocks[current];
      if (!last || last.used + count > last.values.length) nextBlock(count);
      const block = blocks[current]!;
      block.used += count;
      length += count;
      return block.values.subarray(block.used - count, block.used);
    },
    giveBack(count) {
      blocks[current]!.used -= count;
      length -= count;
    },
    take(from, count) {
      const end = Math.min(length, from + count);
      const taken = room(end - from);
      let at = -from;
      for (const { values, used } of blocks.slice(0, current + 1)) {
        const part = values.subarray(Math.max(0, -at), Math.min(used, taken.length - at));
        taken.set(part, Math.max(0, at));
        at += used;
        if (at >= taken.length) break;
      }
      start();
      return taken;
    },
    recycle({ buffer }) {
      const values = new Float32Array(buffer);
      if (values.length <= KEPT_BLOCKS * BLOCK_SAMPLES) spare = values;
    },
  };
}

/** Not filled with zeros, which takes longer than copying samples into it. */
function unsetFloats(count: number): Float32Array {
  return new Float32Array(Buffer.allocUnsafeSlow(count * Float32Array.BYTES_PER_ELEMENT).buffer);
}

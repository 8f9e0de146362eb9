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
}

export function createSampleBuffer(): SampleBuffer {
  const blocks: { values: Float32Array; used: number }[] = [];
  let current = -1;
  let length = 0;

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
      const taken = unsetFloats(end - from);
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
  };
}

/** Not filled with zeros, which takes longer than copying samples into it. */
function unsetFloats(count: number): Float32Array {
  return new Float32Array(Buffer.allocUnsafeSlow(count * Float32Array.BYTES_PER_ELEMENT).buffer);
}

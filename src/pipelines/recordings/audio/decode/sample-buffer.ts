/** 48 seconds at 22,050 Hz, 4 MB: a reading. */
const BLOCK_SAMPLES = 2 ** 20;

/**
 * Samples appended at the end. They lie in blocks: an array that grows by copying leaves each of its former selves to the garbage
 * collector, 60 MB of them for ten minutes. What fits a block is handed out without copying, and one recording after the other may
 * lie there; copying half a minute costs half a millisecond, and pages of a new array, which are the system's work, 1 to 2.
 */
export interface SampleBuffer {
  /** Forgets what it holds. */
  start(): void;
  /** Room for `count` more values, counted as written. */
  reserve(count: number): Float32Array;
  /** The last `count` values were not written. */
  giveBack(count: number): void;
  /** Up to `count` values from `from` on, which the buffer no longer touches; forgets the rest. */
  take(from: number, count: number): Float32Array;
  /** Nobody uses any more what `take` gave: the next one may lie there. */
  recycle(taken: Float32Array): void;
}

export function createSampleBuffer(): SampleBuffer {
  const blocks: { values: Float32Array; used: number }[] = [];
  let current = -1;
  let length = 0;

  function start(): void {
    blocks.splice(1);
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
      if (current === 0) {
        const { values } = blocks.pop()!;
        start();
        return values.subarray(from, end);
      }
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
    recycle({ buffer }) {
      const values = new Float32Array(buffer);
      if (blocks.length === 0 && values.length === BLOCK_SAMPLES) blocks.push({ values, used: 0 });
    },
  };
}

/** Not filled with zeros, which takes longer than copying samples into it. */
function unsetFloats(count: number): Float32Array {
  return new Float32Array(Buffer.allocUnsafeSlow(count * Float32Array.BYTES_PER_ELEMENT).buffer);
}

import type { SpareBuffers } from '../upload/spare-buffers.js';

/** Bytes that are kept while nobody uses them: half a second of small entries. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** Buffers are as long as a multiple of this, so that entries of about one size share them. */
const STEP_BYTES = 8 * 1024;

/**
 * Memory that entries are inflated into, used again. A fresh buffer for each of 10,000 entries of 64 KB lies outside V8's heap, which then
 * collects garbage for its sake: 56 full collections of 40 ms, a sixth of all CPU time.
 */
export function createContentBuffers(): SpareBuffers {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  return {
    take(bytes) {
      // The last one given back first; one of twice the length would be a waste.
      const at = kept.findLastIndex(({ length }) => length >= bytes && length <= 2 * bytes + STEP_BYTES);
      if (at === -1) return Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
      const [buffer] = kept.splice(at, 1);
      keptBytes -= buffer!.length;
      return buffer!;
    },
    giveBack(buffer) {
      kept.push(buffer);
      keptBytes += buffer.length;
      while (keptBytes > KEPT_BYTES) keptBytes -= kept.shift()!.length;
    },
  };
}

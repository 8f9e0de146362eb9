import { PART_BYTES } from './upload-options.js';
import type { SpareBuffers } from './spare-buffers.js';

/** Half of the byte budget's default; more are made when needed, and dropped after use. */
const KEPT_BUFFERS = 8;

/** Memory that parts are put together in, used again: fresh 8 MiB for each part cost page faults and keep the heap growing. */
export function createPartBuffers(): SpareBuffers {
  const kept: Buffer[] = [];
  return {
    take: (bytes) => {
      if (bytes > PART_BYTES) return Buffer.allocUnsafeSlow(bytes);
      return kept.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES);
    },
    giveBack: (buffer) => {
      if (buffer.length === PART_BYTES && kept.length < KEPT_BUFFERS) kept.push(buffer);
    },
  };
}

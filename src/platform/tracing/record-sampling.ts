import { createHash } from 'node:crypto';

/**
 * Whether the spans of something are kept: always the same answer for the same id and ratio, so that processes that
 * never speak to each other keep, or leave out, the same records.
 *
 * @param ratio 0 keeps none, 1 all
 */
export function isSampled(id: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  const hash = createHash('sha256').update(id).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < ratio;
}

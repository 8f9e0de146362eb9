import { createHash } from 'node:crypto';

/** Slots that are taken at most, of those that there are. */
const LOAD = 0.7;
const FIRST_SLOTS = 1_024;

/**
 * Which names were seen, by 64 bits of a hash of each: some 12 bytes a name, for names by the hundred million. Among a hundred
 * million, two share a hash with a probability of 1 : 3,700.
 */
export class NameSet {
  #slots = new BigUint64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns false when it was there already */
  add(name: string): boolean {
    if (this.#size >= this.#slots.length * LOAD) this.#grow();
    return this.#insert(hashOf(name));
  }

  has(name: string): boolean {
    const hash = hashOf(name);
    return this.#slots[this.#slotOf(hash)] === hash;
  }

  #insert(hash: bigint): boolean {
    const slot = this.#slotOf(hash);
    if (this.#slots[slot] === hash) return false;
    this.#slots[slot] = hash;
    this.#size += 1;
    return true;
  }

  /** Where this hash is, or the free slot where it belongs. */
  #slotOf(hash: bigint): number {
    const mask = this.#slots.length - 1;
    let slot = Number(hash & 0xffff_ffffn) & mask;
    while (this.#slots[slot] !== 0n && this.#slots[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new BigUint64Array(before.length * 2);
    this.#size = 0;
    for (const hash of before) if (hash !== 0n) this.#insert(hash);
  }
}

/** Zero is a free slot. */
function hashOf(name: string): bigint {
  return createHash('md5').update(name).digest().readBigUInt64LE() || 1n;
}

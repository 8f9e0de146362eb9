// The sum that S3 keeps of an object that came without one, eight bytes at a time by eight tables ("slicing by 8": Kounavis
// and Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators", 2005). AssemblyScript; compiled
// by `node scripts/build-kernel.mjs`. The caller lays out the memory.

/** The polynomial of CRC-64/NVME, 0xad93d23594c93659, lowest bit first. */
const REVERSED_POLYNOMIAL: u64 = 0x9a6c9329ac4bc9b5;

/** Eight tables of 256 uint64: 16 KiB at `tables`. */
export function fillTables(tables: usize): void {
  for (let byte: u64 = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ (sum & 1 ? REVERSED_POLYNOMIAL : 0);
    store<u64>(tables + 8 * (byte as usize), sum);
  }
  for (let slot: usize = 256; slot < 8 * 256; slot++) {
    const before = load<u64>(tables + 8 * (slot - 256));
    store<u64>(tables + 8 * slot, entry(tables, 0, before) ^ (before >> 8));
  }
}

/** @returns `sum` (inverted, as it starts) with `count` bytes at `data` added; uint64 */
export function addBytes(tables: usize, sum: u64, data: usize, count: usize): u64 {
  const end = data + count;
  const whole = data + (count & ~7);
  for (; data < whole; data += 8) {
    const next = sum ^ load<u64>(data);
    sum =
      entry(tables, 7, next) ^
      entry(tables, 6, next >> 8) ^
      entry(tables, 5, next >> 16) ^
      entry(tables, 4, next >> 24) ^
      entry(tables, 3, next >> 32) ^
      entry(tables, 2, next >> 40) ^
      entry(tables, 1, next >> 48) ^
      entry(tables, 0, next >> 56);
  }
  for (; data < end; data++) sum = entry(tables, 0, sum ^ load<u8>(data)) ^ (sum >> 8);
  return sum;
}

@inline
function entry(tables: usize, table: usize, index: u64): u64 {
  return load<u64>(tables + 2048 * table + 8 * ((index & 0xff) as usize));
}

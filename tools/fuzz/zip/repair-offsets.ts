const [CENTRAL, LOCAL, END, END64] = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06'].map(
  (signature) => Buffer.from(signature, 'latin1'),
) as [Buffer, Buffer, Buffer, Buffer];
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;

/**
 * Writes offsets, count and size of the directory anew, as they are after damage elsewhere. Without it nearly every
 * archive is refused by its end record, and nothing behind it is tried.
 */
export function repairOffsets(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(END);
  if (end < 0 || end + 22 > bytes.length) return bytes;
  const end64 = bytes.lastIndexOf(END64, end);
  const headers = headersBefore(bytes, end64 > 0 && end64 + 56 + 20 === end ? end64 : end);
  if (!headers) return bytes;
  const repaired = Buffer.from(bytes);
  const { start, stop, places } = headers;
  if (stop === end) {
    repaired.writeUInt16LE(places.length & 0xffff, end + 8);
    repaired.writeUInt16LE(places.length & 0xffff, end + 10);
    repaired.writeUInt32LE(stop - start, end + 12);
    repaired.writeUInt32LE(start, end + 16);
  } else {
    for (const [at, value] of [
      [24, places.length],
      [32, places.length],
      [40, stop - start],
      [48, start],
    ] as const) {
      repaired.writeBigUInt64LE(BigInt(value), stop + at);
    }
    repaired.writeBigUInt64LE(BigInt(stop), end - 12);
  }
  for (const place of places) pointToLocalHeader(repaired, place, start);
  return repaired;
}

interface Headers {
  start: number;
  stop: number;
  places: number[];
}

/** The longest run of directory headers that ends where the end records begin. */
function headersBefore(bytes: Buffer, stop: number): Headers | undefined {
  for (
    let start = bytes.indexOf(CENTRAL);
    start >= 0 && start < stop;
    start = bytes.indexOf(CENTRAL, start + 1)
  ) {
    const places: number[] = [];
    let at = start;
    while (at + CENTRAL_BYTES <= stop && bytes.indexOf(CENTRAL, at) === at) {
      places.push(at);
      at +=
        CENTRAL_BYTES +
        bytes.readUInt16LE(at + 28) +
        bytes.readUInt16LE(at + 30) +
        bytes.readUInt16LE(at + 32);
    }
    if (at === stop) return { start, stop, places };
  }
  return undefined;
}

/** Stays where a local header is already. */
function pointToLocalHeader(bytes: Buffer, central: number, directory: number): void {
  const stated = bytes.readUInt32LE(central + 42);
  if (bytes.indexOf(LOCAL, stated) === stated) return;
  const length = bytes.readUInt16LE(central + 28);
  const name = bytes.subarray(central + CENTRAL_BYTES, central + CENTRAL_BYTES + length);
  for (let at = bytes.indexOf(LOCAL); at >= 0 && at < directory; at = bytes.indexOf(LOCAL, at + 1)) {
    if (!bytes.subarray(at + LOCAL_BYTES, at + LOCAL_BYTES + length).equals(name)) continue;
    bytes.writeUInt32LE(at, central + 42);
    return;
  }
}

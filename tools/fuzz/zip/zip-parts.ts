const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END = Buffer.from('PK\x05\x06', 'latin1');

/** An entry in pieces that can be changed by themselves and put together again. */
export interface EntryParts {
  /** Its header in the directory and its local one: the fixed fields, name, extra fields. */
  central: HeaderParts;
  local: HeaderParts;
  /** Its content as it is stored. */
  data: Buffer;
  /** Up to the next entry: a descriptor, a gap. */
  after: Buffer;
}

export interface HeaderParts {
  fixed: Buffer;
  name: Buffer;
  extra: Buffer;
}

/** How the parts are put together. */
export interface Assembly {
  entries: EntryParts[];
  /** Of the entries that the directory lists, in its order. */
  listed: number[];
  /** With the records of zip64. */
  zip64: boolean;
  comment: Buffer;
}

/** The parts of an archive whose directory can be followed; undefined of any other. */
export function takeApart(bytes: Buffer): Assembly | undefined {
  const end = bytes.lastIndexOf(END);
  if (end < 0 || end + 22 > bytes.length) return undefined;
  const directory = bytes.readUInt32LE(end + 16);
  const entries: (EntryParts & { offset: number })[] = [];
  let at = directory;
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + CENTRAL_BYTES > end || bytes.indexOf('PK\x01\x02', at, 'latin1') !== at) return undefined;
    const central = headerAt(bytes, at, CENTRAL_BYTES, 28);
    const offset = central.fixed.readUInt32LE(42);
    if (offset + LOCAL_BYTES > directory || bytes.readUInt32LE(offset) !== LOCAL) return undefined;
    const local = headerAt(bytes, offset, LOCAL_BYTES, 26);
    entries.push({ central, local, data: Buffer.alloc(0), after: Buffer.alloc(0), offset });
    at += CENTRAL_BYTES + central.name.length + central.extra.length + central.fixed.readUInt16LE(32);
  }
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [rank, entry] of byOffset.entries()) {
    const start = entry.offset + LOCAL_BYTES + entry.local.name.length + entry.local.extra.length;
    const stop = Math.min(start + entry.central.fixed.readUInt32LE(20), directory);
    entry.data = bytes.subarray(start, stop);
    entry.after = bytes.subarray(stop, Math.max(stop, byOffset[rank + 1]?.offset ?? directory));
  }
  if (entries.length === 0) return undefined;
  return { entries, listed: entries.map((_, n) => n), zip64: false, comment: Buffer.alloc(0) };
}

function headerAt(bytes: Buffer, at: number, fixedBytes: number, nameLengthAt: number): HeaderParts {
  const nameEnd = at + fixedBytes + bytes.readUInt16LE(at + nameLengthAt);
  return {
    // A copy, to be written to.
    fixed: Buffer.from(bytes.subarray(at, at + fixedBytes)),
    name: bytes.subarray(at + fixedBytes, nameEnd),
    extra: bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(at + nameLengthAt + 2)),
  };
}

/** An archive of these parts, whose offsets, lengths and counts are right. */
export function putTogether({ entries, listed, zip64, comment }: Assembly): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  const add = (...more: Buffer[]): void => {
    for (const piece of more) {
      pieces.push(piece);
      at += piece.length;
    }
  };
  const offsets = entries.map(({ local, data, after }) => {
    const offset = at;
    add(withLengths(local, 26), local.name, local.extra, data, after);
    return offset;
  });
  const directory = at;
  for (const n of listed) {
    const { central } = entries[n]!;
    const fixed = withLengths(central, 28);
    fixed.writeUInt16LE(0, 32);
    fixed.writeUInt32LE(offsets[n]!, 42);
    add(fixed, central.name, central.extra);
  }
  const size = at - directory;
  if (zip64) add(...zip64Records(listed.length, size, directory));
  const record = Buffer.alloc(22);
  END.copy(record);
  const all = zip64 ? 0xffff : listed.length;
  record.writeUInt16LE(all, 8);
  record.writeUInt16LE(all, 10);
  record.writeUInt32LE(zip64 ? 0xffffffff : size, 12);
  record.writeUInt32LE(zip64 ? 0xffffffff : directory, 16);
  record.writeUInt16LE(comment.length, 20);
  add(record, comment);
  return Buffer.concat(pieces);
}

function withLengths({ fixed, name, extra }: HeaderParts, nameLengthAt: number): Buffer {
  const header = Buffer.from(fixed);
  header.writeUInt16LE(name.length, nameLengthAt);
  header.writeUInt16LE(extra.length, nameLengthAt + 2);
  return header;
}

function zip64Records(count: number, size: number, directory: number): Buffer[] {
  const end = Buffer.alloc(56);
  end.write('PK\x06\x06', 'latin1');
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  for (const [place, value] of [
    [24, count],
    [32, count],
    [40, size],
    [48, directory],
  ] as const) {
    end.writeBigUInt64LE(BigInt(value), place);
  }
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(directory + size), 8);
  locator.writeUInt32LE(1, 16);
  return [end, locator];
}

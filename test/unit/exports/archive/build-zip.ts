import { crc32, deflateRawSync } from 'node:zlib';

/** An entry to write; whatever it sets besides name and content makes it odd. */
export interface EntryPlan {
  name: string | Buffer;
  content?: Buffer | string;
  method?: number;
  flags?: number;
  /** After the content: with a signature or without, sizes of 32 or 64 bits. The local header then has zeros. */
  descriptor?: 'signed' | 'unsigned' | 'signed64' | 'unsigned64';
  /** What follows the content instead of what `descriptor` makes. */
  descriptorBytes?: Buffer;
  /** What is written instead of the content deflated, or as it is. */
  data?: Buffer;
  localExtra?: Buffer;
  extra?: Buffer;
  comment?: Buffer;
  madeBy?: number;
  externalAttributes?: number;
  disk?: number;
  /** Sizes, or all three, in a zip64 field of the directory. */
  zip64?: 'sizes' | 'all';
  /** In the local header as well. */
  localZip64?: boolean;
  /** Instead of what is so. */
  local?: Partial<HeaderValues> & { name?: string | Buffer };
  central?: Partial<HeaderValues> & { offset?: number };
  /** Bytes in front of its local header that no entry counts. */
  gap?: Buffer;
}

interface HeaderValues {
  flags: number;
  method: number;
  crc32: number;
  compressedSize: number;
  size: number;
}

export interface ArchivePlan {
  prefix?: Buffer;
  /** The offsets as if there were no prefix. */
  unadjusted?: boolean;
  comment?: Buffer;
  trailing?: Buffer;
  /** Places of entries, in the order of the directory. */
  directoryOrder?: number[];
  /** Behind the last header, counted in the directory's size. */
  directoryTail?: Buffer;
  zip64End?: boolean;
  /** Values instead of what is so, in the end record and in that of zip64. */
  end?: Partial<EndValues>;
  end64?: Partial<EndValues> & { recordSize?: number; extensible?: Buffer };
  locator?: { offset?: number; disks?: number; disk?: number };
}

interface EndValues {
  disk: number;
  directoryDisk: number;
  entriesOnDisk: number;
  entries: number;
  size: number;
  offset: number;
}

export const UTF8 = 0x0800;
const DESCRIPTOR = 0x0008;

export function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16LE(value & 0xffff, 2 * index));
  return bytes;
}

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value >>> 0, 4 * index));
  return bytes;
}

export function u64(...values: (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), 8 * index));
  return bytes;
}

export function extraField(id: number, data: Buffer): Buffer {
  return Buffer.concat([u16(id, data.length), data]);
}

/** The Info-ZIP field that names an entry in UTF-8, made for a header's name. */
export function unicodePath(headerName: string | Buffer, name: string | Buffer): Buffer {
  return extraField(
    0x7075,
    Buffer.concat([Buffer.from([1]), u32(crc32(Buffer.from(headerName))), Buffer.from(name)]),
  );
}

/** An archive as the plan has it. */
export function buildZip(entries: readonly EntryPlan[], plan: ArchivePlan = {}): Buffer {
  const pieces: Buffer[] = [plan.prefix ?? Buffer.alloc(0)];
  let at = pieces[0]!.length;
  const shift = plan.unadjusted ? at : 0;
  const add = (...parts: Buffer[]): void => {
    for (const part of parts) {
      pieces.push(part);
      at += part.length;
    }
  };
  const headers = entries.map((entry) => {
    if (entry.gap) add(entry.gap);
    const offset = at - shift;
    const written = values(entry);
    add(localHeader(entry, written), written.data, descriptorOf(entry, written));
    return centralHeader(entry, written, offset);
  });
  const directoryAt = at;
  add(...(plan.directoryOrder ?? headers.map((_, n) => n)).map((n) => headers[n]!));
  if (plan.directoryTail) add(plan.directoryTail);
  const end: EndValues = {
    disk: 0,
    directoryDisk: 0,
    entriesOnDisk: headers.length,
    entries: headers.length,
    size: at - directoryAt,
    offset: directoryAt - shift,
  };
  if (plan.zip64End) add(...zip64End({ ...end, ...plan.end64 }, at - shift, plan));
  const short = plan.zip64End
    ? { ...end, entriesOnDisk: 0xffff, entries: 0xffff, size: 0xffffffff, offset: 0xffffffff }
    : end;
  add(endRecord({ ...short, ...plan.end }, plan.comment ?? Buffer.alloc(0)));
  if (plan.trailing) add(plan.trailing);
  return Buffer.concat(pieces);
}

export function endRecord(end: EndValues, comment: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    Buffer.from('PK\x05\x06', 'latin1'),
    u16(end.disk, end.directoryDisk, end.entriesOnDisk, end.entries),
    u32(end.size, end.offset),
    u16(comment.length),
    comment,
  ]);
}

function zip64End(end: EndValues, at: number, plan: ArchivePlan): Buffer[] {
  const extensible = plan.end64?.extensible ?? Buffer.alloc(0);
  return [
    Buffer.concat([
      Buffer.from('PK\x06\x06', 'latin1'),
      u64(plan.end64?.recordSize ?? 44 + extensible.length),
      u16(45, 45),
      u32(end.disk, end.directoryDisk),
      u64(end.entriesOnDisk, end.entries, end.size, end.offset),
      extensible,
    ]),
    Buffer.concat([
      Buffer.from('PK\x06\x07', 'latin1'),
      u32(plan.locator?.disk ?? 0),
      u64(plan.locator?.offset ?? at),
      u32(plan.locator?.disks ?? 1),
    ]),
  ];
}

interface Written extends HeaderValues {
  data: Buffer;
}

function values(entry: EntryPlan): Written {
  const content = Buffer.from(entry.content ?? '');
  const method = entry.method ?? (entry.data || content.length === 0 ? 0 : 8);
  const data = entry.data ?? (method === 8 ? deflateRawSync(content) : content);
  const flags =
    entry.flags ??
    (entry.descriptor ? DESCRIPTOR : 0) |
      (typeof entry.name === 'string' && /[^\x20-\x7e]/.test(entry.name) ? UTF8 : 0);
  return { flags, method, crc32: crc32(content), compressedSize: data.length, size: content.length, data };
}

function localHeader(entry: EntryPlan, written: Written): Buffer {
  const later = entry.descriptor ? { crc32: 0, compressedSize: 0, size: 0 } : {};
  const real = { ...written, ...later, ...entry.local };
  const stated = entry.localZip64 ? { ...real, compressedSize: 0xffffffff, size: 0xffffffff } : real;
  const name = Buffer.from(entry.local?.name ?? entry.name);
  const extra = Buffer.concat([
    entry.localZip64 ? extraField(1, u64(real.size, real.compressedSize)) : Buffer.alloc(0),
    entry.localExtra ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    u16(20, stated.flags, stated.method, 0, 0x5a21),
    u32(stated.crc32, stated.compressedSize, stated.size),
    u16(name.length, extra.length),
    name,
    extra,
  ]);
}

function descriptorOf(entry: EntryPlan, { crc32: crc, compressedSize, size }: Written): Buffer {
  if (entry.descriptorBytes) return entry.descriptorBytes;
  if (!entry.descriptor) return Buffer.alloc(0);
  return Buffer.concat([
    entry.descriptor.startsWith('signed') ? u32(0x08074b50) : Buffer.alloc(0),
    u32(crc),
    entry.descriptor.endsWith('64') ? u64(compressedSize, size) : u32(compressedSize, size),
  ]);
}

function centralHeader(entry: EntryPlan, written: Written, at: number): Buffer {
  const { offset, ...real } = { ...written, offset: at, ...entry.central };
  const wide = entry.zip64 !== undefined;
  const all = entry.zip64 === 'all';
  const name = Buffer.from(entry.name);
  const zip64 = wide
    ? extraField(1, u64(real.size, real.compressedSize, ...(all ? [offset] : [])))
    : Buffer.alloc(0);
  const extra = Buffer.concat([zip64, entry.extra ?? Buffer.alloc(0)]);
  const comment = entry.comment ?? Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    u16(entry.madeBy ?? 0x031e, 20, real.flags, real.method, 0, 0x5a21),
    u32(real.crc32, wide ? 0xffffffff : real.compressedSize, wide ? 0xffffffff : real.size),
    u16(name.length, extra.length, comment.length, entry.disk ?? 0, 0),
    u32(entry.externalAttributes ?? 0, all ? 0xffffffff : offset),
    name,
    extra,
    comment,
  ]);
}

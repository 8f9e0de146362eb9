import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Mutation } from '../mutations.js';
import type { Random } from '../random.js';
import { putTogether, takeApart, type Assembly, type EntryParts, type HeaderParts } from './zip-parts.js';

/** Changes an archive's parts, in place. */
type Change = (archive: Assembly, random: Random) => void;

/** Where a header has its fields: the directory's, and the local one. */
const FLAGS = { central: 8, local: 6 } as const;
const METHOD = { central: 10, local: 8 } as const;
const SUMS = { central: 16, local: 14 } as const;
const DESCRIPTOR = 0x08;
const UTF8 = 0x800;
const LARGEST_INFLATED = 4 * 1024 * 1024;

const shuffle: Change = ({ listed }, random) => {
  for (let left = listed.length; left > 1; left--) {
    const other = random.below(left);
    [listed[left - 1], listed[other]] = [listed[other]!, listed[left - 1]!];
  }
};

/** Listed twice, which two readers may count as one; or not at all, which those see that read from the front. */
const listing: Change = ({ listed }, random) => {
  if (random.below(2) === 0) listed.push(random.pick(listed));
  else listed.splice(random.below(listed.length), 1);
};

/** Another entry of the same name, or of one that some would take for the same. */
const twin: Change = ({ entries, listed }, random) => {
  const { central, local, data, after } = random.pick(entries);
  const name = random.pick([
    central.name,
    Buffer.from(central.name.toString('latin1').toUpperCase(), 'latin1'),
    Buffer.from(central.name.toString('latin1').replaceAll('/', '\\'), 'latin1'),
  ]);
  listed.push(entries.length);
  entries.push({ central: { ...copyOf(central), name }, local: { ...copyOf(local), name }, data, after });
};

const rename: Change = ({ entries }, random) => {
  const entry = random.pick(entries);
  const name = random.pick([
    Buffer.from(
      random.pick(['../a', '/a', 'C:\\a', 'a\\..\\b', 'a//b', './a', 'a/', 'a\\', '', 'a\0b', 'a.', 'CON']),
    ),
    Buffer.from(random.pick(['é', 'e\u0301', 'नम', '\u202ea', '\uffff']), 'utf8'),
    random.bytes(1 + random.below(6)),
  ]);
  for (const header of bothOrOne(entry, random)) header.name = name;
  if (random.below(2) === 0) for (const [kind, header] of headersOf(entry)) toggle(header, FLAGS[kind], UTF8);
};

const extraField: Change = ({ entries }, random) => {
  const entry = random.pick(entries);
  const [crc, compressedSize, size] = [0, 4, 8].map((at) =>
    entry.central.fixed.readUInt32LE(SUMS.central + at),
  ) as [number, number, number];
  const field = random.pick([
    () => extra(0x0001, u64(size, compressedSize).subarray(0, random.pick([8, 16]))),
    () => extra(0x0001, u64(compressedSize, size, crc)),
    () =>
      extra(0x7075, Buffer.concat([Buffer.from([1]), u32(crc32(entry.central.name)), Buffer.from('ü.txt')])),
    () => extra(0x7075, Buffer.concat([Buffer.from([1]), random.bytes(4), Buffer.from('x')])),
    () => extra(0x9901, random.bytes(7)),
    () => extra(random.below(0x10000), random.bytes(random.below(20)), random.below(40)),
    () => random.bytes(random.below(4)),
  ])();
  for (const header of bothOrOne(entry, random)) {
    header.extra = Buffer.concat(random.below(2) === 0 ? [field, header.extra] : [header.extra, field]);
  }
  if (random.below(2) === 0) refer(entry, random);
};

/** Sends readers to the zip64 field for a size. */
function refer(entry: EntryParts, random: Random): void {
  const at = random.pick([4, 8]);
  for (const header of bothOrOne(entry, random)) {
    header.fixed.writeUInt32LE(0xffffffff, (header === entry.central ? SUMS.central : SUMS.local) + at);
  }
}

/** One behind the content, in one of its forms or damaged, announced or not. */
const descriptor: Change = ({ entries }, random) => {
  const entry = random.pick(entries);
  const sums = entry.central.fixed.subarray(SUMS.central, SUMS.central + 12);
  const [, compressedSize, size] = [0, 4, 8].map((at) => sums.readUInt32LE(at)) as [number, number, number];
  const bare = random.pick([sums, Buffer.concat([sums.subarray(0, 4), u64(compressedSize, size)])]);
  entry.after = random.pick([
    bare,
    Buffer.concat([u32(0x08074b50), bare]),
    bare.subarray(0, random.below(12)),
  ]);
  for (const header of bothOrOne(entry, random)) {
    const kind = header === entry.central ? 'central' : 'local';
    header.fixed.writeUInt16LE(header.fixed.readUInt16LE(FLAGS[kind]) | DESCRIPTOR, FLAGS[kind]);
  }
  if (random.below(3) > 0) entry.local.fixed.fill(0, SUMS.local, SUMS.local + 12);
};

/** The same content in another deflate stream, or with something behind the stream that the sizes count. */
const recompress: Change = ({ entries }, random) => {
  const entry = random.pick(entries);
  const content = contentOf(entry);
  if (content === undefined) return;
  const { Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_FIXED, Z_RLE, Z_SYNC_FLUSH } = constants;
  const deflated = deflateRawSync(content, {
    level: random.below(10),
    strategy: random.pick([Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_FIXED, Z_RLE]),
    memLevel: 1 + random.below(9),
  });
  entry.data = random.pick([
    () => deflated,
    () => deflated.subarray(0, -1),
    () => Buffer.concat([deflated, random.bytes(1 + random.below(30))]),
    () => Buffer.concat([deflated, deflated]),
    () =>
      Buffer.concat([
        deflateRawSync(content, { finishFlush: Z_SYNC_FLUSH }),
        deflateRawSync(Buffer.alloc(0)),
      ]),
    () => deflateRawSync(content, { finishFlush: Z_SYNC_FLUSH }),
    () => content,
  ])();
  for (const [kind, { fixed }] of headersOf(entry)) {
    fixed.writeUInt16LE(8, METHOD[kind]);
    if (random.below(8) > 0) fixed.writeUInt32LE(entry.data.length, SUMS[kind] + 4);
  }
};

/** Undefined where it cannot be had. */
function contentOf({ central, data }: EntryParts): Buffer | undefined {
  if (central.fixed.readUInt16LE(METHOD.central) === 0) return data;
  try {
    return inflateRawSync(data, { maxOutputLength: LARGEST_INFLATED });
  } catch {
    return undefined;
  }
}

const attributes: Change = ({ entries }, random) => {
  const mode = random.pick([0o100644, 0o40755, 0o120777, 0o10644, 0o140644, 0o644, 0o104755]);
  const dos = random.pick([0, 0x10, 0x08]);
  random.pick(entries).central.fixed.writeUInt32LE(((mode << 16) | dos) >>> 0, 38);
};

const ends: Change = (archive, random) => {
  archive.zip64 = random.below(2) === 0;
  const nested = putTogether({ ...archive, comment: Buffer.alloc(0) });
  archive.comment = random.pick([
    Buffer.alloc(0),
    random.bytes(random.below(40)),
    Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]),
    Buffer.concat([Buffer.from('PK\x06\x07', 'latin1'), Buffer.alloc(random.below(60))]),
    nested.subarray(-Math.min(nested.length, 60_000)),
  ]);
};

const gap: Change = ({ entries }, random) => {
  const entry = random.pick(entries);
  entry.after = Buffer.concat([entry.after, random.bytes(1 + random.below(50))]);
};

function copyOf(header: HeaderParts): HeaderParts {
  return { ...header, fixed: Buffer.from(header.fixed) };
}

const headersOf = ({ central, local }: EntryParts): ['central' | 'local', HeaderParts][] => [
  ['central', central],
  ['local', local],
];

/** Mostly both: what one says and the other does not is refused soon. */
function bothOrOne({ central, local }: EntryParts, random: Random): HeaderParts[] {
  return random.pick([[central, local], [central, local], [central], [local]]);
}

function toggle({ fixed }: HeaderParts, at: number, bit: number): void {
  fixed.writeUInt16LE(fixed.readUInt16LE(at) ^ bit, at);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index);
  return bytes;
}

function extra(id: number, data: Buffer, length = data.length): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(length, 2);
  return Buffer.concat([header, data]);
}

/** Damage whose offsets, lengths and counts are right: it reaches what is behind those checks. */
const CHANGES: Readonly<Record<string, Change>> = {
  shuffle,
  listing,
  twin,
  rename,
  extra_field: extraField,
  descriptor,
  recompress,
  attributes,
  ends,
  gap,
};

export const PART_MUTATIONS: Readonly<Record<string, Mutation>> = Object.fromEntries(
  Object.entries(CHANGES).map(([name, change]): [string, Mutation] => [
    `part_${name}`,
    (original, random) => {
      const archive = takeApart(original);
      if (archive === undefined) return original;
      change(archive, random);
      return putTogether(archive);
    },
  ]),
);

import type { FuzzedKind } from '../mutant.js';
import { markedField, MUTATIONS, type Mutation } from '../mutations.js';
import type { Random } from '../random.js';
import { PART_MUTATIONS } from './part-mutations.js';
import { repairOffsets } from './repair-offsets.js';

const RECORDS = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08'].map(
  (signature) => Buffer.from(signature, 'latin1'),
);

/** Where a record's fields are: offset and width, from its signature (APPNOTE 4.3). */
const FIELDS: Readonly<Record<string, readonly (readonly [at: number, width: 2 | 4 | 8])[]>> = {
  'PK\x01\x02': [
    ...[4, 6, 8, 10, 12, 14, 28, 30, 32, 34, 36].map((at) => [at, 2] as const),
    ...[16, 20, 24, 38, 42].map((at) => [at, 4] as const),
  ],
  'PK\x03\x04': [
    ...[4, 6, 8, 10, 12, 26, 28].map((at) => [at, 2] as const),
    ...[14, 18, 22].map((at) => [at, 4] as const),
  ],
  'PK\x05\x06': [...[4, 6, 8, 10, 20].map((at) => [at, 2] as const), [12, 4], [16, 4]],
  'PK\x06\x06': [...[4, 24, 32, 40, 48].map((at) => [at, 8] as const), [16, 4], [20, 4]],
  'PK\x06\x07': [
    [4, 4],
    [8, 8],
    [16, 4],
  ],
};

/** A field of a record: a bit of it, a little more or less, or what another field holds. */
const recordField: Mutation = (original, random) => {
  const mutant = Buffer.from(original);
  for (let fields = 1 + random.below(3); fields > 0; fields--) changeField(mutant, random);
  return mutant;
};

function changeField(mutant: Buffer, random: Random): void {
  const signature = random.pick(Object.keys(FIELDS));
  const record = findFrom(mutant, Buffer.from(signature, 'latin1'), random);
  const [at, width] = random.pick(FIELDS[signature]!);
  const place = record + at;
  if (record < 0 || place + width > mutant.length) return;
  if (width === 8) {
    mutant.writeBigUInt64LE(
      BigInt.asUintN(64, mutant.readBigUInt64LE(place) + BigInt(random.below(9) - 4)),
      place,
    );
    return;
  }
  const value = mutant.readUIntLE(place, width);
  const other = random.below(mutant.length - width);
  const changed = random.pick([
    value ^ (1 << random.below(8 * width)),
    value + random.below(65) - 32,
    mutant.readUIntLE(other, width),
    other,
    2 ** (8 * width) - 1,
    0,
  ]);
  mutant.writeUIntLE(((changed % 2 ** (8 * width)) + 2 ** (8 * width)) % 2 ** (8 * width), place, width);
}

/** The same change in a header of the directory and in its local header, so that the two still agree. */
const bothHeaders: Mutation = (original, random) => {
  const mutant = Buffer.from(original);
  const central = findFrom(mutant, RECORDS[0]!, random);
  if (central < 0 || central + 46 > mutant.length) return mutant;
  const local = mutant.readUInt32LE(central + 42);
  if (local + 30 > mutant.length) return mutant;
  const [inCentral, inLocal, width] = random.pick([
    [8, 6, 2],
    [10, 8, 2],
    [16, 14, 4],
    [20, 18, 4],
    [24, 22, 4],
  ] as const);
  const bit = random.below(8 * width);
  for (const at of [central + inCentral, local + inLocal]) {
    mutant[at + (bit >> 3)]! ^= 1 << (bit & 7);
  }
  return mutant;
};

/** Bytes that offsets do not count: in front of everything, before a record, at the end. */
const insertion: Mutation = (original, random, other) => {
  const record = findFrom(original, random.pick(RECORDS), random);
  const at = random.pick([0, Math.max(0, record), original.length, random.below(original.length)]);
  const from = random.below(other.length);
  const inserted = random.pick([
    random.bytes(1 + random.below(40)),
    random.pick(RECORDS),
    other.subarray(from, from + random.below(200)),
    other,
  ]);
  return Buffer.concat([original.subarray(0, at), inserted, original.subarray(at)]);
};

function findFrom(bytes: Buffer, signature: Buffer, random: Random): number {
  return bytes.indexOf(signature, random.below(2) === 0 ? 0 : random.below(bytes.length));
}

export const ZIP: FuzzedKind = {
  mutations: {
    ...MUTATIONS,
    marked_field: markedField(RECORDS),
    record_field: recordField,
    record_fields: (original, random, other) =>
      recordField(recordField(original, random, other), random, other),
    both_headers: bothHeaders,
    insertion,
    ...PART_MUTATIONS,
  },
  repair: repairOffsets,
};

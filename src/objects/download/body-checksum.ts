import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { encodeCrc32 } from '../data-path/crc32-header.js';
import { Crc64Nvme } from './crc64-nvme.js';

/** What the bytes of a body are held against. */
export interface BodyChecksum {
  update(bytes: Buffer): void;
  /** After the last byte. */
  isRight(): Promise<boolean>;
}

/** Kinds that are known here, by their header; the others are CRC-32C and what will come. */
const KINDS: Readonly<Record<string, (expected: string) => BodyChecksum>> = {
  'x-amz-checksum-crc64nvme': crc64Checksum,
  'x-amz-checksum-crc32': crc32Checksum,
  'x-amz-checksum-sha256': (expected) => hashChecksum('sha256', expected),
  'x-amz-checksum-sha1': (expected) => hashChecksum('sha1', expected),
};
const PREFIX = 'x-amz-checksum-';

/** @returns undefined where the store states none of the whole object, 'unknown' where it states one of another kind */
export function createChecksum(
  headers: Readonly<Record<string, string>>,
): BodyChecksum | 'unknown' | undefined {
  const stated = Object.keys(headers).filter((name) => name.startsWith(PREFIX) && name !== `${PREFIX}type`);
  // A checksum of checksums of parts says how many those were.
  const whole = stated.filter((name) => !headers[name]!.includes('-'));
  if (whole.length === 0 || headers[`${PREFIX}type`] === 'COMPOSITE') return undefined;
  const known = whole.find((name) => Object.hasOwn(KINDS, name));
  return known === undefined ? 'unknown' : KINDS[known]!(headers[known]!);
}

function crc64Checksum(expected: string): BodyChecksum {
  const sum = new Crc64Nvme();
  return {
    update: (bytes) => sum.update(bytes),
    isRight: async () => Buffer.from(await sum.digest()).toString('base64') === expected,
  };
}

function crc32Checksum(expected: string): BodyChecksum {
  let sum = 0;
  return {
    update: (bytes) => void (sum = crc32(bytes, sum)),
    isRight: () => Promise.resolve(encodeCrc32(sum) === expected),
  };
}

function hashChecksum(algorithm: string, expected: string): BodyChecksum {
  const sum = createHash(algorithm);
  return {
    update: (bytes) => void sum.update(bytes),
    isRight: () => Promise.resolve(sum.digest('base64') === expected),
  };
}

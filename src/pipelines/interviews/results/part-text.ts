import { createHash } from 'node:crypto';
import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { InvalidPart } from './part-errors.js';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** A document of MongoDB has 16 MiB; the rest is for its other fields. */
const MOST_BYTES = 15 * 1024 * 1024;
/** Four hours of sound are 4 MB, and as many keyframes as pictures 17 MB. */
const MOST_EXPANDED = 256 * 1024 * 1024;

/** A part as it is kept: JSON, compressed to a fifth. */
export interface PartText {
  content: Buffer;
  /** SHA-256 of the JSON, in hex: the compressed bytes may differ between versions of zlib. */
  hash: string;
}

/** @throws InvalidPart for numbers that are not finite, which JSON would make null, and for what is too large */
export async function writePart(part: object): Promise<PartText> {
  const text = JSON.stringify(part, (name, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new InvalidPart(`${name}: expected a finite number (got ${value})`);
    }
    return value;
  });
  const content = await compress(text, { level: 3 });
  if (content.byteLength > MOST_BYTES) {
    throw new InvalidPart(`a part of ${content.byteLength} bytes: expected at most ${MOST_BYTES}`);
  }
  return { content, hash: createHash('sha256').update(text).digest('hex') };
}

/** Of what `writePart` has written. */
export async function readPart<Part>(content: Uint8Array): Promise<Part> {
  const text = await expand(content, { maxOutputLength: MOST_EXPANDED });
  return JSON.parse(text.toString('utf8')) as Part;
}

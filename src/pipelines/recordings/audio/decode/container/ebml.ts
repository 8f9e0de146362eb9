import type { Bytes } from './bytes.js';

/** One element of EBML, the binary XML of Matroska and WebM. */
export interface EbmlElement {
  id: number;
  contentAt: number;
  /** Undefined while its writer did not know it. */
  length: number | undefined;
}

/** The element that begins at `offset`; undefined where none can. */
export function ebmlElement({ at }: Bytes, offset: number): EbmlElement | undefined {
  const header = at(offset, 12);
  const idLength = header.length > 0 ? Math.clz32(header[0]!) - 23 : 5;
  if (idLength > 4 || header.length <= idLength) return undefined;
  const lengthLength = Math.clz32(header[idLength]!) - 23;
  if (lengthLength > 8 || header.length < idLength + lengthLength) return undefined;
  return {
    id: header.readUIntBE(0, idLength),
    contentAt: offset + idLength + lengthLength,
    length: ebmlNumber(header, idLength, lengthLength),
  };
}

/** A number of so many bytes, of which the first tells how many they are; undefined when all of its bits are set. */
export function ebmlNumber(bytes: Buffer, start: number, length: number): number | undefined {
  const mask = 0xff >> length;
  let value = bytes[start]! & mask;
  let isUnknown = value === mask;
  for (let at = start + 1; at < start + length; at++) {
    const byte = bytes[at]!;
    isUnknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return isUnknown ? undefined : value;
}

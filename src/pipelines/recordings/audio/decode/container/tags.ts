import type { Bytes } from './bytes.js';

/** An ID3v2 tag: ten bytes, and a length of four times seven bits. */
const ID3_HEADER_BYTES = 10;
/** A flag that says that ten bytes more stand behind the tag. */
const HAS_FOOTER = 0x10;

/** Where the ID3v2 tag ends that begins at `offset`; undefined where none does. */
export function id3v2End({ at }: Bytes, offset: number): number | undefined {
  const header = at(offset, ID3_HEADER_BYTES);
  if (header.length < ID3_HEADER_BYTES || header.toString('latin1', 0, 3) !== 'ID3') return undefined;
  const length = header.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const footer = (header[5]! & HAS_FOOTER) === 0 ? 0 : ID3_HEADER_BYTES;
  return offset + ID3_HEADER_BYTES + length + footer;
}

/** Where the tags at the file's beginning end: some writers put one before another. */
export function leadingTagsEnd(bytes: Bytes): number {
  let end = 0;
  for (let next: number | undefined = 0; next !== undefined; next = id3v2End(bytes, end)) end = next;
  return end;
}

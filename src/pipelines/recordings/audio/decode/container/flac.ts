import { find, type Bytes } from './bytes.js';
import { concatenated, type FirstFile } from './concatenated.js';

const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO_BYTES = 34;
const MARKER = Buffer.from('fLaC');
/** Whether another block follows. */
const IS_LAST = 0x80;
/** 36 bits. */
const MOST_SAMPLES = 2 ** 36 - 1;

/** FLAC, whose header states its number of samples, unless it was streamed. */
export const flacFacts = concatenated(firstStream, (bytes, from) => {
  for (let at = find(bytes, MARKER, from); at !== undefined; at = find(bytes, MARKER, at + 1)) {
    // The only block that may come first.
    const header = bytes.at(at + MARKER.length, BLOCK_HEADER_BYTES);
    const isInfo = header.length === BLOCK_HEADER_BYTES && (header[0]! & ~IS_LAST) === 0;
    if (isInfo && header.readUIntBE(1, 3) === STREAM_INFO_BYTES) return at;
  }
  return undefined;
});

function firstStream({ at, size }: Bytes): FirstFile {
  let offset = MARKER.length;
  for (let isLast = false; !isLast && offset + BLOCK_HEADER_BYTES <= size;) {
    const header = at(offset, BLOCK_HEADER_BYTES);
    isLast = (header[0]! & IS_LAST) !== 0;
    offset += BLOCK_HEADER_BYTES + header.readUIntBE(1, 3);
  }
  const info = at(MARKER.length + BLOCK_HEADER_BYTES, STREAM_INFO_BYTES);
  if (info.length < STREAM_INFO_BYTES) return { facts: {}, next: offset };
  // 20 bits of rate, 3 of channels, 5 of width, 36 of samples.
  const sampleRate = info.readUIntBE(10, 3) >> 4;
  const samples = (info[13]! & 0x0f) * 2 ** 32 + info.readUInt32BE(14);
  const isStated = sampleRate > 0 && samples > 0 && samples < MOST_SAMPLES;
  return { facts: isStated ? { statedSeconds: samples / sampleRate } : {}, next: offset };
}

import { closeSync, openSync, readSync } from 'node:fs';
import { AudioTooComplex } from '../../errors.js';

/** A cover has a megabyte or two. FFmpeg makes up to 45 times a tag's size of it: 96 MB of chapters became 4.3 GB. */
const MAX_TAG_BYTES = 16 * 1024 * 1024;

/**
 * Refuses a recording whose ID3v2 tag is out of all proportion, before a decoder reads it: the tag's length stands in
 * its first ten bytes.
 *
 * @throws AudioTooComplex
 */
export function checkTagSize(path: string): void {
  const head = Buffer.alloc(10);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, head, 0, head.length, 0) < head.length) return;
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1', 0, 3) !== 'ID3') return;
  // Seven bits a byte, so that a tag never looks like the beginning of a frame.
  const bytes = head.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  if (bytes > MAX_TAG_BYTES) {
    throw new AudioTooComplex(
      `Audio is not decoded: its ID3 tag has ${bytes} bytes, at most ${MAX_TAG_BYTES} are read`,
    );
  }
}

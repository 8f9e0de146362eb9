import type { Bytes } from './bytes.js';
import { MAX_ELEMENTS } from './sound-facts.js';

/** A box of ISO base media: MP4, M4A, 3GP, QuickTime. */
export interface Box {
  type: string;
  start: number;
  contentAt: number;
  /** As stated; it may lie behind the end of what holds it. */
  end: number;
}

/** Boxes in a row, the last of which may be cut; ends where something else than a box begins. */
export function* boxes({ at }: Bytes, start: number, end: number): Generator<Box> {
  let offset = start;
  for (let count = 0; offset + 8 <= end && count < MAX_ELEMENTS; count++) {
    const header = at(offset, 16);
    const type = header.toString('latin1', 4, 8);
    let length = header.readUInt32BE(0);
    let headerLength = 8;
    if (length === 1) {
      if (header.length < 16) return;
      length = Number(header.readBigUInt64BE(8));
      headerLength = 16;
    }
    // 0: to the end of the file, wherever that is.
    if (length === 0) length = end - offset;
    if (length < headerLength) return;
    yield { type, start: offset, contentAt: offset + headerLength, end: offset + length };
    offset += length;
  }
}

/** The first of the boxes found by following these types inwards, if all of it is there. */
export function boxAt(bytes: Bytes, parent: Box, ...path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent;
  for (const type of path) {
    if (!box) return undefined;
    const { contentAt, end }: Box = box;
    box = undefined;
    for (const child of boxes(bytes, contentAt, end)) {
      if (child.type === type && child.end <= end) {
        box = child;
        break;
      }
    }
  }
  return box;
}

/** What a box holds; empty where it would be absurdly long. */
export function contentOf({ at }: Bytes, { contentAt, end }: Box): Buffer {
  const length = end - contentAt;
  return length > MOST_TABLE_BYTES ? Buffer.alloc(0) : at(contentAt, length);
}

/** Four million samples: ten minutes have some thirty thousand. */
const MOST_TABLE_BYTES = 2 ** 24;

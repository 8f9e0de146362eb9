import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BITS = 8;
const INDEXED = 3;
/** Filter "up": neighbouring rows of a spectrogram are alike. */
const FILTER_UP = 2;

export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * A PNG of palette indices, row by row from the top.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export function encodePng(
  width: number,
  height: number,
  indices: Uint8Array,
  palette: readonly Rgb[],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([EIGHT_BITS, INDEXED, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const line = y * (width + 1);
    lines[line] = FILTER_UP;
    for (let x = 0; x < width; x++) {
      const above = y === 0 ? 0 : indices[(y - 1) * width + x]!;
      lines[line + 1 + x] = indices[y * width + x]! - above;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { combineCrc32 } from '#vachan/objects/data-path/crc32-combine.js';

const bytes = fc.uint8Array({ maxLength: 5_000 });

describe('the CRC-32 of pieces', () => {
  it('is that of the whole', () => {
    fc.assert(
      fc.property(fc.array(bytes), (pieces) => {
        const combined = pieces.reduce((crc, piece) => combineCrc32(crc, crc32(piece), piece.length), 0);
        expect(combined).toBe(crc32(Buffer.concat(pieces)));
      }),
    );
  });

  it('is that of the whole beyond 4 GiB, of zeros', () => {
    const half = (size: number): number => {
      if (size === 1) return crc32(Buffer.alloc(1));
      const first = half(size / 2);
      return combineCrc32(first, first, size / 2);
    };
    const kibibyte = crc32(Buffer.alloc(1024));
    expect(half(1024)).toBe(kibibyte);
    const large = half(2 ** 33);
    expect(combineCrc32(large, crc32('x'), 1)).toBe(
      combineCrc32(half(2 ** 32), combineCrc32(half(2 ** 32), crc32('x'), 1), 2 ** 32 + 1),
    );
  });
});

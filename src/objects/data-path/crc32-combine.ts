/** CRC-32's polynomial, lowest power first (IEEE 802.3, as ZIP, gzip and S3 have it). */
const POLYNOMIAL = 0xed_b8_83_20;

/**
 * The CRC-32 of two pieces that follow one another, of their CRCs alone: the first is carried on over as many zero bits as the second has,
 * by squaring the matrix of one bit in GF(2) (zlib's `crc32_combine`).
 *
 * @param secondBytes length of the second piece
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  if (secondBytes === 0) return first >>> 0;
  let operator = squareOf(squareOf(squareOf(oneZeroBit())));
  let crc = first >>> 0;
  for (let rest = secondBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = times(operator, crc);
    operator = squareOf(operator);
  }
  return (crc ^ second) >>> 0;
}

function oneZeroBit(): Uint32Array {
  const matrix = new Uint32Array(32);
  matrix[0] = POLYNOMIAL;
  for (let bit = 1; bit < 32; bit++) matrix[bit] = 2 ** (bit - 1);
  return matrix;
}

function times(matrix: Uint32Array, vector: number): number {
  let product = 0;
  for (let bit = 0, rest = vector; rest !== 0; bit++, rest >>>= 1) {
    if ((rest & 1) === 1) product ^= matrix[bit]!;
  }
  return product >>> 0;
}

function squareOf(matrix: Uint32Array): Uint32Array {
  return matrix.map((row) => times(matrix, row));
}

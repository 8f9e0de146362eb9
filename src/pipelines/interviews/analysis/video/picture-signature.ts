import { kernelRoom, pictureKernel } from '../../models/picture/kernel/picture-kernel.js';
import { shrunk, type Luma } from './luma.js';

/** Numbers of a signature: far too few for a picture, enough to tell how far apart two pictures are to about a fifth. */
const PROJECTIONS = 16;
const sumsRoom = kernelRoom(PROJECTIONS * Float64Array.BYTES_PER_ELEMENT);
/** Values of luma along each side of what is projected: noise of the camera averages out, a movement does not. */
const SHRINK = 4;

/**
 * A picture's luma on 16 fixed directions of noise. The distance of two pictures shows in these numbers (Achlioptas, 2003,
 * "Database-friendly random projections"), the pictures do not: 16 numbers cannot say what tens of thousands were.
 *
 * @returns base64 of 16 float32, little-endian
 */
export function signatureOf(luma: Luma): string {
  const { values } = shrunk(luma, SHRINK);
  const { kernel, memory } = pictureKernel();
  const sums = memory
    .doubles(sumsRoom.reserve(PROJECTIONS * Float64Array.BYTES_PER_ELEMENT), PROJECTIONS)
    .fill(0);
  // A signature compares with one of the same size alone; the same place has the same signs in all of them.
  kernel.project(values.byteOffset, values.length, sums.byteOffset);
  const total = kernel.sum(values.byteOffset, values.length);
  const numbers = new Float32Array(PROJECTIONS);
  const scale = 1 / Math.sqrt(Math.max(1, values.length));
  sums.forEach((sum, bit) => (numbers[bit] = (2 * sum - total) * scale));
  return Buffer.from(numbers.buffer).toString('base64');
}

/** About the root mean square of the difference of two pictures' luma, from 0 to 1. */
export function signatureDistance(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  let squares = 0;
  for (let bit = 0; bit < PROJECTIONS; bit++) squares += (first[bit]! - second[bit]!) ** 2;
  return Math.sqrt(squares / PROJECTIONS);
}

function numbersOf(signature: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(signature, 'base64'));
  return new Float32Array(bytes.buffer, 0, PROJECTIONS);
}

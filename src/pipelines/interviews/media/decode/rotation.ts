import type { VideoFacts } from '../../contract/media-facts.js';
import type { MediumStream } from '../input/open-medium.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';

const MATRIX_BYTES = 36;

/**
 * By how much a picture is turned clockwise to be upright, to the next quarter; of a mirrored one, before it is mirrored.
 *
 * @param matrix of the stream's side data: nine 32-bit numbers, of which the first two rows hold `a b u, c d v` in 16.16
 */
export function rotationOf(matrix: Buffer | null): VideoFacts['rotation'] {
  if (matrix === null || matrix.length < MATRIX_BYTES) return 0;
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => matrix.readInt32LE(at)) as [number, number, number, number];
  const sign = a * d - b * c < 0 ? -1 : 1;
  if (a === 0 && b === 0) return 0;
  const quarters = Math.round(Math.atan2(sign * b, sign * a) / (Math.PI / 2));
  return (((quarters + 4) % 4) * 90) as VideoFacts['rotation'];
}

export function rotationOfStream({ stream }: MediumStream): VideoFacts['rotation'] {
  return rotationOf(stream.codecpar.getCodedSideData(AV.displayMatrix));
}

import { BIN_COUNT, binFrequency } from './analysis.js';
import { FRAMES_PER_GROUP } from './kernel/feature-kernel.js';

/** Values of each frame that the kernel's `spectralShapes` writes. */
export const SHAPE_COUNT = 6;

/** Per frame; a frame without sound has centroid, bandwidth and roll-off 0 and flatness 1. */
export interface SpectralShapes {
  /** Hertz. */
  centroid: Float64Array;
  /** Hertz. */
  bandwidth: Float64Array;
  /** Hertz. */
  rolloff: Float64Array;
  /** Geometric mean of the power over its arithmetic mean. */
  flatness: Float64Array;
}

/** Reads what the kernel wrote: for each group of frames six times four values, the same bytes seen as both kinds. */
export function readShapes(values: Float32Array, integers: Int32Array, frames: number): SpectralShapes {
  const shapes: SpectralShapes = {
    centroid: new Float64Array(frames),
    bandwidth: new Float64Array(frames),
    rolloff: new Float64Array(frames),
    flatness: new Float64Array(frames),
  };
  for (let frame = 0; frame < frames; frame++) {
    const lane = frame % FRAMES_PER_GROUP;
    const at = (frame - lane) * SHAPE_COUNT + lane;
    const value = (index: number): number => values[at + index * FRAMES_PER_GROUP]!;
    const integer = (index: number): number => integers[at + index * FRAMES_PER_GROUP]!;
    shapes.centroid[frame] = value(0);
    shapes.bandwidth[frame] = value(1);
    shapes.rolloff[frame] = binFrequency(integer(2));
    // The product of all powers, as mantissa and exponent.
    const meanLogarithm = (Math.log2(value(4)) + integer(5)) / BIN_COUNT;
    shapes.flatness[frame] = Math.exp(Math.LN2 * meanLogarithm) / (value(3) / BIN_COUNT);
  }
  return shapes;
}

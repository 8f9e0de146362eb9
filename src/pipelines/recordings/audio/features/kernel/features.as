// The arithmetic that features spend their time on, for WebAssembly's 128-bit vectors. AssemblyScript; `node
// scripts/build-kernel.mjs` compiles it to kernel-binary.ts. It allocates nothing: the caller lays out the memory.
//
// Frames are worked on in groups of four, one a lane: value i of four frames lies in 16 bytes at 16 * i. So every
// operation serves four frames (two in double precision), nothing is shuffled, and sums over a frame keep their order.

export { bandMeans, spectralChange, wideBands } from './bands';
export { contrastExtremes, contrastRows } from './contrast';
export { decibelRatios, keepDecibelConstants, relativeDecibels, toDecibels } from './decibels';
export { deltas } from './deltas';
export { frameLevels, sampleLevels, silentShare, squares } from './levels';
export { cepstra, largest, melPowers } from './mel';
export { cutOffs, holes } from './moments';
export { windowMaxima, withoutGaps, withoutPeaks } from './morphology';
export {
  meanAndStd,
  meanAndStdOfSingles,
  multiply,
  raise,
  rampSum,
  ramps,
  shift,
  squaredChanges,
  subtract,
  sum,
  sumOfProducts,
  sumOfSquares,
  weightedChanges,
} from './numbers';
export { collectMagnitudes, findPitches } from './pitch';
export { clear, copy, highest, lowest, select } from './selection';
export { shapeRows, spectralShapes } from './shapes';
export { powerSpectra } from './spectrum';
export { voiceStatistics } from './voices';

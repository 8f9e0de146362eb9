import type { KernelMemory } from '../../../../platform/kernel/start-kernel.js';
import {
  BIN_COUNT,
  binFrequency,
  CONTRAST_BAND_COUNT,
  FRAME_LENGTH,
  HOP_LENGTH,
  MEL_BAND_COUNT,
} from './analysis.js';
import { contrastBands } from './contrast.js';
import type { FeatureKernel } from './kernel/feature-kernel.js';
import { FRAMES_PER_GROUP } from './kernel/feature-kernel.js';
import { melFilters } from './mel.js';
import { SHAPE_COUNT } from './spectral-shape.js';
import { halfTurns, halvedWindow, passTwiddles } from './stft.js';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const VECTOR = FRAMES_PER_GROUP * FLOAT;
const SPECTRUM_BYTES = BIN_COUNT * VECTOR;
const GROUP_SAMPLE_BYTES = FRAMES_PER_GROUP * HOP_LENGTH * FLOAT;

/** Sums that the kernel keeps of a spectrum: before each block of 32 bins, and of all. */
const SUM_BLOCKS = Math.ceil(BIN_COUNT / 32) + 1;

/** What is kept of a clip's spectra, for each group of frames: addresses in the kernel's memory. */
export interface SpectrumRows {
  mel: number;
  shapes: number;
  peaks: number;
  valleys: number;
}

/** Takes the spectra of groups of four frames, and keeps what features are made of. */
export interface SpectrumStages {
  /**
   * @param samples address of the first group's; the others follow
   * @param firstGroup of the clip, by number
   */
  take(samples: number, firstGroup: number, groups: number, rows: SpectrumRows): void;
}

/** @param takeMagnitudes is given each group's in turn, by address, until the next one's */
export function createSpectrumStages(
  kernel: FeatureKernel,
  memory: KernelMemory,
  takeMagnitudes: (magnitudes: number, group: number) => void,
): SpectrumStages {
  const filters = melFilters();
  const tables = {
    window: memory.keep(halvedWindow()),
    factors: memory.keep(passTwiddles()),
    turns: memory.keep(halfTurns()),
    frequencies: memory.keep(Float32Array.from({ length: BIN_COUNT }, (_, bin) => binFrequency(bin))),
    filters: memory.keep(
      Int32Array.from(filters.flatMap(({ firstBin, weights }) => [firstBin, weights.length])),
    ),
    weights: memory.keep(Float32Array.from(filters.flatMap(({ weights }) => [...weights]))),
    bands: memory.keep(
      Int32Array.from(
        contrastBands().flatMap(({ firstBin, endBin, extremes }) => [firstBin, endBin, extremes]),
      ),
    ),
  };
  const groupsAtOnce = kernel.spectralShapesTwice && kernel.melPowersTwice ? 2 : 1;
  const work = {
    // Twice the complex values of as many frames as are transformed at once: two, or a group's with wider vectors.
    transform: memory.keepBytes(2 * FRAMES_PER_GROUP * FRAME_LENGTH * Float64Array.BYTES_PER_ELEMENT),
    power: memory.keepBytes(groupsAtOnce * SPECTRUM_BYTES),
    magnitudes: memory.keepBytes(groupsAtOnce * SPECTRUM_BYTES),
    cumulative: memory.keepBytes(SUM_BLOCKS * VECTOR),
  };
  const { power, magnitudes } = work;

  /** As many groups as are taken at once, or a last one alone. */
  function takeTogether(samples: number, group: number, groups: number, rows: SpectrumRows): void {
    for (let i = 0; i < groups; i++) {
      const at = samples + i * GROUP_SAMPLE_BYTES;
      const to = power + i * SPECTRUM_BYTES;
      kernel.powerSpectra(at, tables.window, tables.factors, tables.turns, work.transform, to);
    }
    const mel = rows.mel + group * MEL_BAND_COUNT * VECTOR;
    const shapes = rows.shapes + group * SHAPE_COUNT * VECTOR;
    if (groups === 2) {
      kernel.melPowersTwice?.(power, tables.filters, tables.weights, mel);
      kernel.spectralShapesTwice?.(power, tables.frequencies, magnitudes, shapes);
    } else {
      kernel.melPowers(power, tables.filters, tables.weights, mel);
      kernel.spectralShapes(power, tables.frequencies, work.cumulative, magnitudes, shapes);
    }
    for (let i = 0; i < groups; i++) {
      const of = magnitudes + i * SPECTRUM_BYTES;
      takeMagnitudes(of, group + i);
      const contrast = (group + i) * CONTRAST_BAND_COUNT * VECTOR;
      const { peaks, valleys } = rows;
      kernel.contrastExtremes(of, tables.bands, CONTRAST_BAND_COUNT, peaks + contrast, valleys + contrast);
    }
  }

  return {
    take(samples, firstGroup, groups, rows) {
      for (let taken = 0; taken < groups; taken += groupsAtOnce) {
        const together = Math.min(groupsAtOnce, groups - taken);
        takeTogether(samples + taken * GROUP_SAMPLE_BYTES, firstGroup + taken, together, rows);
      }
    },
  };
}

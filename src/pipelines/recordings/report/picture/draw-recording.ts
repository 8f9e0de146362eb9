import { MEL_BAND_COUNT } from '../../audio/features/analysis.js';
import { createAnalyser } from '../../audio/features/clip-analysis.js';
import { createFeatureKernel } from '../../audio/features/kernel/feature-kernel.js';
import { encodePng, type Rgb } from './png.js';

/** What a reviewer sees of a recording without hearing it. */
export interface Picture {
  seconds: number;
  /** Least and greatest sample of each column, in thousandths of full scale. */
  waveform: { min: number[]; max: number[] };
  /** Mel spectrogram, low frequencies below: a PNG as a data URI. */
  spectrogram: string;
  columns: number;
}

/** As wide as a card of the page shows them; a longer recording has more seconds in a column. */
const WAVEFORM_COLUMNS = 400;
const SPECTROGRAM_COLUMNS = 480;
/** Two mel bands a row: 64 rows are read as well as 128, at half the bytes. */
const BANDS_PER_ROW = 2;
/** Shades of 80 dB; more are not told apart and cost bytes. */
const SHADES = 48;
const THOUSANDTHS = 1_000;
/** Black through purple and orange to pale yellow: lightness rises evenly, in grey print too. */
const STOPS: readonly Rgb[] = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
];

const analyse = createAnalyser(createFeatureKernel(), { keepMel: true });

/**
 * Draws a recording: the very mel spectrogram that its features were computed from.
 *
 * @param samples mono, full scale 1
 */
export function drawRecording(samples: Float32Array, sampleRateHz: number): Picture {
  const { mel, frames } = analyse(samples);
  const columns = Math.min(SPECTROGRAM_COLUMNS, frames);
  return {
    seconds: samples.length / sampleRateHz,
    waveform: envelope(samples, Math.min(WAVEFORM_COLUMNS, samples.length)),
    spectrogram: `data:image/png;base64,${spectrogram(mel!, frames, columns).toString('base64')}`,
    columns,
  };
}

function envelope(samples: Float32Array, columns: number): Picture['waveform'] {
  const [min, max]: [number[], number[]] = [[], []];
  for (let column = 0; column < columns; column++) {
    let [least, greatest] = [Infinity, -Infinity];
    const end = Math.floor(((column + 1) * samples.length) / columns);
    for (let at = Math.floor((column * samples.length) / columns); at < end; at++) {
      const sample = samples[at]!;
      if (sample < least) least = sample;
      if (sample > greatest) greatest = sample;
    }
    min.push(Math.round(Math.max(-1, least) * THOUSANDTHS));
    max.push(Math.round(Math.min(1, greatest) * THOUSANDTHS));
  }
  return { min, max };
}

function spectrogram(mel: Float32Array, frames: number, columns: number): Buffer {
  const rows = MEL_BAND_COUNT / BANDS_PER_ROW;
  const cells = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [from, to] = [column, column + 1].map((edge) => Math.floor((edge * frames) / columns));
      let sum = 0;
      for (let band = row * BANDS_PER_ROW; band < (row + 1) * BANDS_PER_ROW; band++) {
        for (let frame = from!; frame < to!; frame++) sum += mel[band * frames + frame]!;
      }
      // The picture begins at the top, the bands at the bottom.
      cells[(rows - 1 - row) * columns + column] = sum / (BANDS_PER_ROW * (to! - from!));
    }
  }
  const loudest = cells.reduce((most, value) => Math.max(most, value), -Infinity);
  const faintest = cells.reduce((least, value) => Math.min(least, value), Infinity);
  const span = Math.max(loudest - faintest, Number.EPSILON);
  const shades = Uint8Array.from(cells, (value) => Math.round(((value - faintest) / span) * (SHADES - 1)));
  return encodePng(columns, rows, shades, PALETTE);
}

const PALETTE: readonly Rgb[] = Array.from({ length: SHADES }, (_, shade) => {
  const at = (shade / (SHADES - 1)) * (STOPS.length - 1);
  const from = Math.min(Math.floor(at), STOPS.length - 2);
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(STOPS[from]![channel] + (at - from) * (STOPS[from + 1]![channel] - STOPS[from]![channel]));
  return [mix(0), mix(1), mix(2)];
});

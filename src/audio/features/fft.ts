/** Writes the magnitudes of a real frame's spectrum, `size / 2 + 1` of them, to `magnitudes`. */
export type MagnitudeSpectrum = (frame: Float64Array, magnitudes: Float32Array) => void;

/**
 * Prepares the magnitude spectrum of real frames of `size` samples (twice a power of four).
 *
 * In double precision, rounded to single at the end, as numpy does it for librosa: with a single-precision FFT the
 * rounding noise of a loud component drowns quiet bins, and contrast and flatness follow those bins.
 * The frame's even and odd samples form one complex sequence of half the length, transformed by radix-4 Stockham
 * passes (no bit reversal) and then taken apart.
 */
export function createMagnitudeSpectrum(size: number): MagnitudeSpectrum {
  const half = size / 2;
  const passes = Math.log2(half) / 2;
  if (!Number.isInteger(passes)) throw new RangeError(`FFT size must be twice a power of four, got ${size}`);
  const twiddles = passTwiddles(half);
  const cosines = new Float64Array(half);
  const sines = new Float64Array(half);
  for (let k = 0; k < half; k++) {
    cosines[k] = Math.cos((-2 * Math.PI * k) / size);
    sines[k] = Math.sin((-2 * Math.PI * k) / size);
  }
  const work = [new Float64Array(size), new Float64Array(size)] as const;

  return (frame, magnitudes) => {
    let from: Float64Array = frame;
    let to: Float64Array = work[0];
    for (let pass = 0, length = half, stride = 1; pass < passes; pass++, length /= 4, stride *= 4) {
      radix4Pass(length, stride, from, to, twiddles[pass]!);
      from = to;
      to = from === work[0] ? work[1] : work[0];
    }
    magnitudes[0] = Math.abs(from[0]! + from[1]!);
    magnitudes[half] = Math.abs(from[0]! - from[1]!);
    for (let k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
      const evenRe = (from[2 * k]! + from[2 * mirror]!) / 2;
      const evenIm = (from[2 * k + 1]! - from[2 * mirror + 1]!) / 2;
      const oddRe = (from[2 * k + 1]! + from[2 * mirror + 1]!) / 2;
      const oddIm = (from[2 * mirror]! - from[2 * k]!) / 2;
      const turnedRe = oddRe * cosines[k]! - oddIm * sines[k]!;
      const turnedIm = oddRe * sines[k]! + oddIm * cosines[k]!;
      const re = evenRe + turnedRe;
      const im = evenIm + turnedIm;
      const mirrorRe = evenRe - turnedRe;
      const mirrorIm = evenIm - turnedIm;
      magnitudes[k] = Math.sqrt(re * re + im * im);
      magnitudes[mirror] = Math.sqrt(mirrorRe * mirrorRe + mirrorIm * mirrorIm);
    }
  };
}

/** For each pass and each of its groups: the first three powers of its twiddle factor, as re, im pairs. */
function passTwiddles(half: number): Float64Array[] {
  const passes: Float64Array[] = [];
  for (let length = half; length > 1; length /= 4) {
    const groups = length / 4;
    const factors = new Float64Array(groups * 6);
    for (let group = 0; group < groups; group++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2 * Math.PI * group * power) / length;
        factors[group * 6 + (power - 1) * 2] = Math.cos(angle);
        factors[group * 6 + (power - 1) * 2 + 1] = Math.sin(angle);
      }
    }
    passes.push(factors);
  }
  return passes;
}

/** One Stockham pass over interleaved complex values: `length` is the sub-transforms' length, `stride` their number. */
function radix4Pass(
  length: number,
  stride: number,
  from: Float64Array,
  to: Float64Array,
  factors: Float64Array,
): void {
  const groups = length / 4;
  const quarter = 2 * stride * groups;
  for (let group = 0; group < groups; group++) {
    const w1Re = factors[group * 6]!;
    const w1Im = factors[group * 6 + 1]!;
    const w2Re = factors[group * 6 + 2]!;
    const w2Im = factors[group * 6 + 3]!;
    const w3Re = factors[group * 6 + 4]!;
    const w3Im = factors[group * 6 + 5]!;
    const read = 2 * stride * group;
    const write = 8 * stride * group;
    for (let q = 0; q < 2 * stride; q += 2) {
      const a = read + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const sumAcRe = from[a]! + from[c]!;
      const sumAcIm = from[a + 1]! + from[c + 1]!;
      const differenceAcRe = from[a]! - from[c]!;
      const differenceAcIm = from[a + 1]! - from[c + 1]!;
      const sumBdRe = from[b]! + from[d]!;
      const sumBdIm = from[b + 1]! + from[d + 1]!;
      // i (b - d)
      const turnedBdRe = from[d + 1]! - from[b + 1]!;
      const turnedBdIm = from[b]! - from[d]!;
      const y0 = write + q;
      const y1 = y0 + 2 * stride;
      const y2 = y1 + 2 * stride;
      const y3 = y2 + 2 * stride;
      to[y0] = sumAcRe + sumBdRe;
      to[y0 + 1] = sumAcIm + sumBdIm;
      const re1 = differenceAcRe - turnedBdRe;
      const im1 = differenceAcIm - turnedBdIm;
      to[y1] = w1Re * re1 - w1Im * im1;
      to[y1 + 1] = w1Re * im1 + w1Im * re1;
      const re2 = sumAcRe - sumBdRe;
      const im2 = sumAcIm - sumBdIm;
      to[y2] = w2Re * re2 - w2Im * im2;
      to[y2 + 1] = w2Re * im2 + w2Im * re2;
      const re3 = differenceAcRe + turnedBdRe;
      const im3 = differenceAcIm + turnedBdIm;
      to[y3] = w3Re * re3 - w3Im * im3;
      to[y3 + 1] = w3Re * im3 + w3Im * re3;
    }
  }
}

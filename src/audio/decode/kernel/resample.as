// Resampling by Fourier transforms, for WebAssembly's 128-bit vectors: four blocks of a recording at a time, two as the real
// and imaginary parts of one complex sequence (the filter is real, so they stay apart), two of those in a vector's lanes.
// AssemblyScript; compiled by `node scripts/build-kernel.mjs`. The caller lays out the memory.

import { radix4Pass } from './radix4';

/** Four blocks of float32, `hop` samples apart, as complex values. */
export function loadBlocks(input: usize, hop: usize, count: usize, into: usize): void {
  const step: usize = 4 * hop;
  for (let i: usize = 0; i < count; i += 2) {
    const at = input + 4 * i;
    const a = v128.load64_zero(at);
    const b = v128.load64_zero(at + step);
    const c = v128.load64_zero(at + 2 * step);
    const d = v128.load64_zero(at + 3 * step);
    const to = into + 32 * i;
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(a, c, 0, 4, 1, 5)));
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(b, d, 0, 4, 1, 5)), 16);
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(a, c, 1, 5, 0, 4)), 32);
    v128.store(to, f64x2.promote_low_f32x4(i32x4.shuffle(b, d, 1, 5, 0, 4)), 48);
  }
}

/** The inverse of `loadBlocks` for `count` values from `from` on, real and imaginary parts swapped. */
export function storeBlocks(from: usize, count: usize, output: usize): void {
  const step: usize = 4 * count;
  for (let i: usize = 0; i < count; i++) {
    const im = f32x4.demote_f64x2_zero(v128.load(from + 32 * i));
    const re = f32x4.demote_f64x2_zero(v128.load(from + 32 * i, 16));
    const at = output + 4 * i;
    v128.store32_lane(at, re, 0);
    v128.store32_lane(at + step, im, 0);
    v128.store32_lane(at + 2 * step, re, 1);
    v128.store32_lane(at + 3 * step, im, 1);
  }
}

function radix2Pass(groups: usize, stride: usize, from: usize, to: usize, factors: usize): void {
  const half: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 16) {
    const wRe = v128.load64_splat(factors);
    const wIm = v128.load64_splat(factors, 8);
    let a = from + group * step;
    let y = to + 2 * group * step;
    for (const end = a + step; a < end; a += 32, y += 32) {
      const aRe = v128.load(a);
      const aIm = v128.load(a, 16);
      const bRe = v128.load(a + half);
      const bIm = v128.load(a + half, 16);
      v128.store(y, f64x2.add(aRe, bRe));
      v128.store(y, f64x2.add(aIm, bIm), 16);
      const re = f64x2.sub(aRe, bRe);
      const im = f64x2.sub(aIm, bIm);
      v128.store(y + step, f64x2.sub(f64x2.mul(wRe, re), f64x2.mul(wIm, im)));
      v128.store(y + step, f64x2.add(f64x2.mul(wRe, im), f64x2.mul(wIm, re)), 16);
    }
  }
}

/**
 * A pass of any odd radix: the values j and radix - j are added and subtracted first.
 *
 * @param roots `radix` pairs of float64: cosine and sine of 2 pi j / radix
 * @param pairs work space: 64 bytes for each pair
 */
function oddPass(
  radix: usize,
  groups: usize,
  stride: usize,
  from: usize,
  to: usize,
  factors: usize,
  roots: usize,
  pairs: usize,
): void {
  const part: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  const half = radix >> 1;
  for (let group: usize = 0; group < groups; group++, factors += 16 * (radix - 1)) {
    let x = from + group * step;
    let y = to + radix * group * step;
    for (const end = x + step; x < end; x += 32, y += 32) {
      const firstRe = v128.load(x);
      const firstIm = v128.load(x, 16);
      let re = firstRe;
      let im = firstIm;
      for (let j: usize = 1; j <= half; j++) {
        const a = x + j * part;
        const b = x + (radix - j) * part;
        const aRe = v128.load(a);
        const aIm = v128.load(a, 16);
        const bRe = v128.load(b);
        const bIm = v128.load(b, 16);
        const pair = pairs + 64 * (j - 1);
        const sumRe = f64x2.add(aRe, bRe);
        const sumIm = f64x2.add(aIm, bIm);
        v128.store(pair, sumRe);
        v128.store(pair, sumIm, 16);
        v128.store(pair, f64x2.sub(aRe, bRe), 32);
        v128.store(pair, f64x2.sub(aIm, bIm), 48);
        re = f64x2.add(re, sumRe);
        im = f64x2.add(im, sumIm);
      }
      v128.store(y, re);
      v128.store(y, im, 16);
      for (let k: usize = 1; k <= half; k++) {
        let evenRe = firstRe;
        let evenIm = firstIm;
        let oddRe = f64x2.splat(0);
        let oddIm = f64x2.splat(0);
        let turn: usize = 0;
        for (let j: usize = 0; j < half; j++) {
          turn += k;
          if (turn >= radix) turn -= radix;
          const cosine = v128.load64_splat(roots + 16 * turn);
          const sine = v128.load64_splat(roots + 16 * turn, 8);
          const pair = pairs + 64 * j;
          evenRe = f64x2.add(evenRe, f64x2.mul(cosine, v128.load(pair)));
          evenIm = f64x2.add(evenIm, f64x2.mul(cosine, v128.load(pair, 16)));
          oddRe = f64x2.add(oddRe, f64x2.mul(sine, v128.load(pair, 32)));
          oddIm = f64x2.add(oddIm, f64x2.mul(sine, v128.load(pair, 48)));
        }
        // Minus i times the odd part, and its mirror.
        storeTurned(y + k * step, factors + 16 * (k - 1), f64x2.add(evenRe, oddIm), f64x2.sub(evenIm, oddRe));
        const mirror = radix - k;
        storeTurned(
          y + mirror * step,
          factors + 16 * (mirror - 1),
          f64x2.sub(evenRe, oddIm),
          f64x2.add(evenIm, oddRe),
        );
      }
    }
  }
}

@inline
function storeTurned(to: usize, factor: usize, re: v128, im: v128): void {
  const wRe = v128.load64_splat(factor);
  const wIm = v128.load64_splat(factor, 8);
  v128.store(to, f64x2.sub(f64x2.mul(wRe, re), f64x2.mul(wIm, im)));
  v128.store(to, f64x2.add(f64x2.mul(wRe, im), f64x2.mul(wIm, re)), 16);
}

/**
 * Complex transforms, in place of `values` or in `other`: returns where.
 *
 * @param passes for each pass four int32: radix, groups, address of its twiddle factors, address of its roots; ends with radix 0
 */
export function transform(passes: usize, values: usize, other: usize, pairs: usize): usize {
  let from = values;
  let to = other;
  let stride: usize = 1;
  for (let radix: usize = load<u32>(passes); radix != 0; radix = load<u32>(passes)) {
    const groups: usize = load<u32>(passes, 4);
    const factors: usize = load<u32>(passes, 8);
    if (radix == 4) radix4Pass(groups, stride, from, to, factors);
    else if (radix == 2) radix2Pass(groups, stride, from, to, factors);
    else oddPass(radix, groups, stride, from, to, factors, load<u32>(passes, 12), pairs);
    stride *= radix;
    const swap = from;
    from = to;
    to = swap;
    passes += 16;
  }
  return from;
}

/**
 * Filters a spectrum and writes it as one of another length, real and imaginary parts swapped, so that a forward transform of it is an
 * inverse one.
 *
 * @param response `bins` float64: for frequency 0 and up, for both signs; frequencies beyond are dropped
 */
export function filterSpectrum(
  spectrum: usize,
  length: usize,
  response: usize,
  bins: usize,
  filtered: usize,
  filteredLength: usize,
): void {
  memory.fill(filtered + 32 * bins, 0, 32 * (filteredLength - 2 * bins + 1));
  for (let bin: usize = 0; bin < bins; bin++) {
    const gain = v128.load64_splat(response + 8 * bin);
    copySwapped(spectrum + 32 * bin, gain, filtered + 32 * bin);
    if (bin > 0) copySwapped(spectrum + 32 * (length - bin), gain, filtered + 32 * (filteredLength - bin));
  }
}

@inline
function copySwapped(from: usize, gain: v128, to: usize): void {
  v128.store(to, f64x2.mul(gain, v128.load(from, 16)));
  v128.store(to, f64x2.mul(gain, v128.load(from)), 16);
}

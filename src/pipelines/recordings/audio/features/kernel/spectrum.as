// Power spectra of frames of 2,048 samples. A frame's even and odd samples are one complex sequence of 1,024 values: five radix-4
// Stockham passes, the first with the window. Two frames go side by side, as in radix4.as; lengths are known here, so that most places
// are parts of instructions.

import { toDoubleHigh, toDoubleLow } from './lanes';
import { lastPass } from './last-pass';

const HOP: usize = 512;
const HALF: usize = 1024;
/** Bytes between the four values of a butterfly, in any pass. */
const QUARTER: usize = 8 * HALF;

/** Value i of two frames that begin a hop apart. */
@inline
function pairOf(first: v128, second: v128): v128 {
  return i32x4.shuffle(first, second, 0, 4, 1, 5);
}

@inline
function storeTurned(to: usize, wRe: v128, wIm: v128, re: v128, im: v128): void {
  v128.store(to, f64x2.sub(f64x2.mul(wRe, re), f64x2.mul(wIm, im)));
  v128.store(to, f64x2.add(f64x2.mul(wRe, im), f64x2.mul(wIm, re)), 16);
}

/** The first pass: two frames, a hop apart, times the window. A hop is a quarter of a frame, so that the frames share what is loaded. */
function windowedPass(samples: usize, window: usize, to: usize, factors: usize): void {
  for (const end = samples + 4 * HOP; samples < end; samples += 8, window += 16, to += 128, factors += 48) {
    const hop0 = v128.load64_zero(samples);
    const hop1 = v128.load64_zero(samples, 2048);
    const hop2 = v128.load64_zero(samples, 4096);
    const hop3 = v128.load64_zero(samples, 6144);
    const hop4 = v128.load64_zero(samples, 8192);
    const a = pairOf(hop0, hop1);
    const aRe = f64x2.mul(toDoubleLow(a), v128.load64_splat(window));
    const aIm = f64x2.mul(toDoubleHigh(a), v128.load64_splat(window, 8));
    const c = pairOf(hop2, hop3);
    const cRe = f64x2.mul(toDoubleLow(c), v128.load64_splat(window, 8192));
    const cIm = f64x2.mul(toDoubleHigh(c), v128.load64_splat(window, 8200));
    const sumAcRe = f64x2.add(aRe, cRe);
    const sumAcIm = f64x2.add(aIm, cIm);
    const differenceAcRe = f64x2.sub(aRe, cRe);
    const differenceAcIm = f64x2.sub(aIm, cIm);
    const b = pairOf(hop1, hop2);
    const bRe = f64x2.mul(toDoubleLow(b), v128.load64_splat(window, 4096));
    const bIm = f64x2.mul(toDoubleHigh(b), v128.load64_splat(window, 4104));
    const d = pairOf(hop3, hop4);
    const dRe = f64x2.mul(toDoubleLow(d), v128.load64_splat(window, 12288));
    const dIm = f64x2.mul(toDoubleHigh(d), v128.load64_splat(window, 12296));
    const sumBdRe = f64x2.add(bRe, dRe);
    const sumBdIm = f64x2.add(bIm, dIm);
    // i (b - d)
    const turnedBdRe = f64x2.sub(dIm, bIm);
    const turnedBdIm = f64x2.sub(bRe, dRe);
    v128.store(to, f64x2.add(sumAcRe, sumBdRe));
    v128.store(to, f64x2.add(sumAcIm, sumBdIm), 16);
    storeTurned(
      to + 32,
      v128.load64_splat(factors),
      v128.load64_splat(factors, 8),
      f64x2.sub(differenceAcRe, turnedBdRe),
      f64x2.sub(differenceAcIm, turnedBdIm),
    );
    storeTurned(
      to + 64,
      v128.load64_splat(factors, 16),
      v128.load64_splat(factors, 24),
      f64x2.sub(sumAcRe, sumBdRe),
      f64x2.sub(sumAcIm, sumBdIm),
    );
    storeTurned(
      to + 96,
      v128.load64_splat(factors, 32),
      v128.load64_splat(factors, 40),
      f64x2.add(differenceAcRe, turnedBdRe),
      f64x2.add(differenceAcIm, turnedBdIm),
    );
  }
}

/** A pass between: `stride` transforms of each group. */
@inline
function middlePass(stride: usize, from: usize, to: usize, factors: usize): void {
  const step: usize = 32 * stride;
  const groups: usize = HALF / 4 / stride;
  // The first group's factors are all 1.
  transforms(true, step, from, to, factors);
  for (let group: usize = 1; group < groups; group++) {
    from += step;
    to += 4 * step;
    factors += 48;
    transforms(false, step, from, to, factors);
  }
}

/** The transforms of one group. */
@inline
function transforms(first: bool, step: usize, from: usize, to: usize, factors: usize): void {
  const w1Re = v128.load64_splat(factors);
  const w1Im = v128.load64_splat(factors, 8);
  const w2Re = v128.load64_splat(factors, 16);
  const w2Im = v128.load64_splat(factors, 24);
  const w3Re = v128.load64_splat(factors, 32);
  const w3Im = v128.load64_splat(factors, 40);
  for (const end = from + step; from < end; from += 32, to += 32) {
    const aRe = v128.load(from);
    const aIm = v128.load(from, 16);
    const cRe = v128.load(from, 2 * QUARTER);
    const cIm = v128.load(from, 2 * QUARTER + 16);
    const sumAcRe = f64x2.add(aRe, cRe);
    const sumAcIm = f64x2.add(aIm, cIm);
    const differenceAcRe = f64x2.sub(aRe, cRe);
    const differenceAcIm = f64x2.sub(aIm, cIm);
    const bRe = v128.load(from, QUARTER);
    const bIm = v128.load(from, QUARTER + 16);
    const dRe = v128.load(from, 3 * QUARTER);
    const dIm = v128.load(from, 3 * QUARTER + 16);
    const sumBdRe = f64x2.add(bRe, dRe);
    const sumBdIm = f64x2.add(bIm, dIm);
    // i (b - d)
    const turnedBdRe = f64x2.sub(dIm, bIm);
    const turnedBdIm = f64x2.sub(bRe, dRe);
    v128.store(to, f64x2.add(sumAcRe, sumBdRe));
    v128.store(to, f64x2.add(sumAcIm, sumBdIm), 16);
    const re2 = f64x2.sub(sumAcRe, sumBdRe);
    const im2 = f64x2.sub(sumAcIm, sumBdIm);
    const re1 = f64x2.sub(differenceAcRe, turnedBdRe);
    const im1 = f64x2.sub(differenceAcIm, turnedBdIm);
    const re3 = f64x2.add(differenceAcRe, turnedBdRe);
    const im3 = f64x2.add(differenceAcIm, turnedBdIm);
    if (first) {
      v128.store(to + 2 * step, re2);
      v128.store(to + 2 * step, im2, 16);
      v128.store(to + step, re1);
      v128.store(to + step, im1, 16);
      v128.store(to + 3 * step, re3);
      v128.store(to + 3 * step, im3, 16);
    } else {
      storeTurned(to + 2 * step, w2Re, w2Im, re2, im2);
      storeTurned(to + step, w1Re, w1Im, re1, im1);
      storeTurned(to + 3 * step, w3Re, w3Im, re3, im3);
    }
  }
}

/**
 * Power spectra of four frames, in double precision and then rounded to single.
 *
 * @param samples 2048 + 3 * 512 float32
 * @param window 2048 float64, halved
 * @param factors float64: the passes' twiddle factors, `passTwiddles`
 * @param turns 513 pairs of float64: cosine and sine of -2 pi k / 2048
 * @param work twice 32 KiB
 * @param power 1025 times four float32
 */
export function powerSpectra(
  samples: usize,
  window: usize,
  factors: usize,
  turns: usize,
  work: usize,
  power: usize,
): void {
  const other = work + 32 * HALF;
  for (let pair: usize = 0; pair < 2; pair++) {
    windowedPass(samples + pair * 8 * HOP, window, work, factors);
    middlePass(4, work, other, factors + 48 * 256);
    middlePass(16, other, work, factors + 48 * (256 + 64));
    middlePass(64, work, other, factors + 48 * (256 + 64 + 16));
    lastPass(other, turns, power + 8 * pair);
  }
}

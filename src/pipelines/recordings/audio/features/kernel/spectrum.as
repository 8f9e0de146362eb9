// Power spectra of frames of 2,048 samples. A frame's even and odd samples are one complex sequence of 1,024 values: five radix-4
// Stockham passes, the first with the window, the last with what takes even and odd apart. Two frames go side by side, as in
// radix4.as; all lengths are known here, so that places are parts of instructions, and values between passes that can stay in
// registers do.

import { toDoubleHigh, toDoubleLow } from './lanes';

const HOP: usize = 512;
const HALF: usize = 1024;
/** Bytes between the four values of a butterfly, in any pass. */
const QUARTER: usize = 8 * HALF;

@inline
function storePower(to: usize, re: v128, im: v128): void {
  const power = f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
  v128.store64_lane(to, f32x4.demote_f64x2_zero(power), 0);
}

/** What becomes of bins k and 1024 - k; the window has halved its values. */
@inline
function splitPair(
  re: v128,
  im: v128,
  mirrorRe: v128,
  mirrorIm: v128,
  turn: usize,
  power: usize,
  mirrorPower: usize,
): void {
  const evenRe = f64x2.add(re, mirrorRe);
  const evenIm = f64x2.sub(im, mirrorIm);
  const oddRe = f64x2.add(im, mirrorIm);
  const oddIm = f64x2.sub(mirrorRe, re);
  const cosine = v128.load64_splat(turn);
  const sine = v128.load64_splat(turn, 8);
  const turnedRe = f64x2.sub(f64x2.mul(oddRe, cosine), f64x2.mul(oddIm, sine));
  const turnedIm = f64x2.add(f64x2.mul(oddRe, sine), f64x2.mul(oddIm, cosine));
  storePower(power, f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm));
  storePower(mirrorPower, f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm));
}

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
  for (let group: usize = 0; group < groups; group++, factors += 48, to += 3 * step) {
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
      v128.store(to + 2 * step, f64x2.sub(f64x2.mul(w2Re, re2), f64x2.mul(w2Im, im2)));
      v128.store(to + 2 * step, f64x2.add(f64x2.mul(w2Re, im2), f64x2.mul(w2Im, re2)), 16);
      const re1 = f64x2.sub(differenceAcRe, turnedBdRe);
      const im1 = f64x2.sub(differenceAcIm, turnedBdIm);
      v128.store(to + step, f64x2.sub(f64x2.mul(w1Re, re1), f64x2.mul(w1Im, im1)));
      v128.store(to + step, f64x2.add(f64x2.mul(w1Re, im1), f64x2.mul(w1Im, re1)), 16);
      const re3 = f64x2.add(differenceAcRe, turnedBdRe);
      const im3 = f64x2.add(differenceAcIm, turnedBdIm);
      v128.store(to + 3 * step, f64x2.sub(f64x2.mul(w3Re, re3), f64x2.mul(w3Im, im3)));
      v128.store(to + 3 * step, f64x2.add(f64x2.mul(w3Re, im3), f64x2.mul(w3Im, re3)), 16);
    }
  }
}

/**
 * The last pass, whose factors are all 1, and the powers: the butterflies of bins q and 256 - q and their neighbours 256 apart hold
 * each other's mirror bins.
 */
function lastPass(from: usize, turns: usize, power: usize): void {
  for (let q: usize = 1; q < HALF / 8; q++) {
    const near = from + 32 * q;
    const far = from + QUARTER - 32 * q;
    let aRe = v128.load(near);
    let aIm = v128.load(near, 16);
    let cRe = v128.load(near, 2 * QUARTER);
    let cIm = v128.load(near, 2 * QUARTER + 16);
    let sumAcRe = f64x2.add(aRe, cRe);
    let sumAcIm = f64x2.add(aIm, cIm);
    let differenceAcRe = f64x2.sub(aRe, cRe);
    let differenceAcIm = f64x2.sub(aIm, cIm);
    let bRe = v128.load(near, QUARTER);
    let bIm = v128.load(near, QUARTER + 16);
    let dRe = v128.load(near, 3 * QUARTER);
    let dIm = v128.load(near, 3 * QUARTER + 16);
    let sumBdRe = f64x2.add(bRe, dRe);
    let sumBdIm = f64x2.add(bIm, dIm);
    let turnedBdRe = f64x2.sub(dIm, bIm);
    let turnedBdIm = f64x2.sub(bRe, dRe);
    const near0Re = f64x2.add(sumAcRe, sumBdRe);
    const near0Im = f64x2.add(sumAcIm, sumBdIm);
    const near1Re = f64x2.sub(differenceAcRe, turnedBdRe);
    const near1Im = f64x2.sub(differenceAcIm, turnedBdIm);
    const near2Re = f64x2.sub(sumAcRe, sumBdRe);
    const near2Im = f64x2.sub(sumAcIm, sumBdIm);
    const near3Re = f64x2.add(differenceAcRe, turnedBdRe);
    const near3Im = f64x2.add(differenceAcIm, turnedBdIm);
    aRe = v128.load(far);
    aIm = v128.load(far, 16);
    cRe = v128.load(far, 2 * QUARTER);
    cIm = v128.load(far, 2 * QUARTER + 16);
    sumAcRe = f64x2.add(aRe, cRe);
    sumAcIm = f64x2.add(aIm, cIm);
    differenceAcRe = f64x2.sub(aRe, cRe);
    differenceAcIm = f64x2.sub(aIm, cIm);
    bRe = v128.load(far, QUARTER);
    bIm = v128.load(far, QUARTER + 16);
    dRe = v128.load(far, 3 * QUARTER);
    dIm = v128.load(far, 3 * QUARTER + 16);
    sumBdRe = f64x2.add(bRe, dRe);
    sumBdIm = f64x2.add(bIm, dIm);
    turnedBdRe = f64x2.sub(dIm, bIm);
    turnedBdIm = f64x2.sub(bRe, dRe);
    const turn = turns + 16 * q;
    const farTurn = turns + 4 * HALF - 16 * q;
    const up = power + 16 * q;
    const down = power + 16 * (HALF / 4) - 16 * q;
    splitPair(
      near0Re,
      near0Im,
      f64x2.add(differenceAcRe, turnedBdRe),
      f64x2.add(differenceAcIm, turnedBdIm),
      turn,
      up,
      down + 12 * HALF,
    );
    splitPair(
      near1Re,
      near1Im,
      f64x2.sub(sumAcRe, sumBdRe),
      f64x2.sub(sumAcIm, sumBdIm),
      turn + 4 * HALF,
      up + 4 * HALF,
      down + 8 * HALF,
    );
    splitPair(
      f64x2.sub(differenceAcRe, turnedBdRe),
      f64x2.sub(differenceAcIm, turnedBdIm),
      near2Re,
      near2Im,
      farTurn + 4 * HALF,
      down + 4 * HALF,
      up + 8 * HALF,
    );
    splitPair(
      f64x2.add(sumAcRe, sumBdRe),
      f64x2.add(sumAcIm, sumBdIm),
      near3Re,
      near3Im,
      farTurn,
      down,
      up + 12 * HALF,
    );
  }
  lastSingles(from, turns, power);
}

/** Of the last pass the butterflies that hold their own mirror bins: those of bins 0 and 128. */
function lastSingles(from: usize, turns: usize, power: usize): void {
  for (let q: usize = 0; q <= HALF / 8; q += HALF / 8) {
    const at = from + 32 * q;
    const aRe = v128.load(at);
    const aIm = v128.load(at, 16);
    const bRe = v128.load(at, QUARTER);
    const bIm = v128.load(at, QUARTER + 16);
    const cRe = v128.load(at, 2 * QUARTER);
    const cIm = v128.load(at, 2 * QUARTER + 16);
    const dRe = v128.load(at, 3 * QUARTER);
    const dIm = v128.load(at, 3 * QUARTER + 16);
    const y0Re = f64x2.add(f64x2.add(aRe, cRe), f64x2.add(bRe, dRe));
    const y0Im = f64x2.add(f64x2.add(aIm, cIm), f64x2.add(bIm, dIm));
    const y2Re = f64x2.sub(f64x2.add(aRe, cRe), f64x2.add(bRe, dRe));
    const y2Im = f64x2.sub(f64x2.add(aIm, cIm), f64x2.add(bIm, dIm));
    const y1Re = f64x2.sub(f64x2.sub(aRe, cRe), f64x2.sub(dIm, bIm));
    const y1Im = f64x2.sub(f64x2.sub(aIm, cIm), f64x2.sub(bRe, dRe));
    const y3Re = f64x2.add(f64x2.sub(aRe, cRe), f64x2.sub(dIm, bIm));
    const y3Im = f64x2.add(f64x2.sub(aIm, cIm), f64x2.sub(bRe, dRe));
    const turn = turns + 16 * q;
    const up = power + 16 * q;
    if (q > 0) {
      splitPair(y0Re, y0Im, y3Re, y3Im, turn, up, up + 12 * HALF);
      splitPair(y1Re, y1Im, y2Re, y2Im, turn + 4 * HALF, up + 4 * HALF, up + 8 * HALF);
    } else {
      const zero = f64x2.splat(0);
      const two = f64x2.splat(2);
      storePower(power, f64x2.mul(two, f64x2.add(y0Re, y0Im)), zero);
      storePower(power + 16 * HALF, f64x2.mul(two, f64x2.sub(y0Re, y0Im)), zero);
      splitPair(y1Re, y1Im, y3Re, y3Im, turn + 4 * HALF, up + 4 * HALF, up + 12 * HALF);
      splitPair(y2Re, y2Im, y2Re, y2Im, turn + 8 * HALF, up + 8 * HALF, up + 8 * HALF);
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

// Resampling by Fourier transforms, for WebAssembly's 128-bit vectors: eight blocks of a recording at a time, two as the real
// and imaginary parts of one complex sequence (the filter is real, so they stay apart), four of those in a vector's lanes.
// AssemblyScript; compiled by `node scripts/build-kernel.mjs`. The caller lays out the memory.

import { radix4Pass } from './radix4';

/** Rows of a square of four by four values become its columns, `step` bytes apart at `to`. */
@inline
function storeColumns(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const abLow = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cdLow = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(abLow, cdLow, 0, 2));
  v128.store(to + step, i64x2.shuffle(abLow, cdLow, 1, 3));
  v128.store(to + 2 * step, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * step, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}

/** Eight blocks of float32, `hop` samples apart, as complex values. @param count a multiple of four */
export function loadBlocks(input: usize, hop: usize, count: usize, into: usize): void {
  const step: usize = 8 * hop;
  for (const end = input + 4 * count; input < end; input += 16, into += 128) {
    let at = input;
    for (let part: usize = 0; part < 2; part++, at = input + 4 * hop) {
      storeColumns(
        v128.load(at),
        v128.load(at + step),
        v128.load(at + 2 * step),
        v128.load(at + 3 * step),
        into + 16 * part,
        32,
      );
    }
  }
}

/** The inverse of `loadBlocks` for `count` values from `from` on, real and imaginary parts swapped. */
export function storeBlocks(from: usize, count: usize, output: usize): void {
  const step: usize = 8 * count;
  for (let part: usize = 0; part < 2; part++) {
    let at = from + 16 - 16 * part;
    let to = output + 4 * count * part;
    const end = to + 4 * count;
    for (; to + 16 <= end; to += 16, at += 128) {
      storeColumns(v128.load(at), v128.load(at, 32), v128.load(at, 64), v128.load(at, 96), to, step);
    }
    for (; to < end; to += 4, at += 32) {
      const values = v128.load(at);
      v128.store32_lane(to, values, 0);
      v128.store32_lane(to + step, values, 1);
      v128.store32_lane(to + 2 * step, values, 2);
      v128.store32_lane(to + 3 * step, values, 3);
    }
  }
}

function radix2Pass(groups: usize, stride: usize, from: usize, to: usize, factors: usize): void {
  const half: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 8) {
    const wRe = v128.load32_splat(factors);
    const wIm = v128.load32_splat(factors, 4);
    let a = from + group * step;
    let y = to + 2 * group * step;
    for (const end = a + step; a < end; a += 32, y += 32) {
      const aRe = v128.load(a);
      const aIm = v128.load(a, 16);
      const bRe = v128.load(a + half);
      const bIm = v128.load(a + half, 16);
      v128.store(y, f32x4.add(aRe, bRe));
      v128.store(y, f32x4.add(aIm, bIm), 16);
      const re = f32x4.sub(aRe, bRe);
      const im = f32x4.sub(aIm, bIm);
      v128.store(y + step, f32x4.sub(f32x4.mul(wRe, re), f32x4.mul(wIm, im)));
      v128.store(y + step, f32x4.add(f32x4.mul(wRe, im), f32x4.mul(wIm, re)), 16);
    }
  }
}

/** Of the values j and radix - j, which odd passes add and subtract first: real and imaginary parts. */
@inline
function sum(at: usize, other: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(other));
}

@inline
function difference(at: usize, other: usize): v128 {
  return f32x4.sub(v128.load(at), v128.load(other));
}

@inline
function times(root: usize, value: v128): v128 {
  return f32x4.mul(v128.load32_splat(root), value);
}

/** Writes the values k and radix - k of a pass: the even part less and plus i times the odd part, each turned by its factor. */
@inline
function storePair(
  at: usize,
  mirror: usize,
  factor: usize,
  mirrorFactor: usize,
  last: bool,
  evenRe: v128,
  evenIm: v128,
  oddRe: v128,
  oddIm: v128,
): void {
  storeTurned(at, factor, last, f32x4.add(evenRe, oddIm), f32x4.sub(evenIm, oddRe));
  storeTurned(mirror, mirrorFactor, last, f32x4.sub(evenRe, oddIm), f32x4.add(evenIm, oddRe));
}

/** `last`: every factor of a transform's last pass is 1. */
@inline
function storeTurned(to: usize, factor: usize, last: bool, re: v128, im: v128): void {
  if (last) {
    v128.store(to, re);
    v128.store(to, im, 16);
    return;
  }
  const wRe = v128.load32_splat(factor);
  const wIm = v128.load32_splat(factor, 4);
  v128.store(to, f32x4.sub(f32x4.mul(wRe, re), f32x4.mul(wIm, im)));
  v128.store(to, f32x4.add(f32x4.mul(wRe, im), f32x4.mul(wIm, re)), 16);
}

/** @param roots pairs of float32: cosine and sine of 2 pi j / radix; so of the other passes */
@inline
function radix3Pass(last: bool, groups: usize, stride: usize, from: usize, to: usize, factors: usize, roots: usize): void {
  const part: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 16) {
    let x = from + group * step;
    let y = to + 3 * group * step;
    for (const end = x + step; x < end; x += 32, y += 32) {
      const firstRe = v128.load(x);
      const firstIm = v128.load(x, 16);
      const a = x + part;
      const f = a + part;
      const sumRe = sum(a, f);
      const sumIm = sum(a + 16, f + 16);
      const oddRe = times(roots + 12, difference(a, f));
      const oddIm = times(roots + 12, difference(a + 16, f + 16));
      v128.store(y, f32x4.add(firstRe, sumRe));
      v128.store(y, f32x4.add(firstIm, sumIm), 16);
      const evenRe = f32x4.add(firstRe, times(roots + 8, sumRe));
      const evenIm = f32x4.add(firstIm, times(roots + 8, sumIm));
      storePair(y + step, y + 2 * step, factors, factors + 8, last, evenRe, evenIm, oddRe, oddIm);
    }
  }
}

/** One of the pairs of a radix-5 pass, from the turns that its two differences take. */
@inline
function pair5(
  at: usize,
  mirror: usize,
  factor: usize,
  mirrorFactor: usize,
  last: bool,
  turnA: usize,
  turnB: usize,
  firstRe: v128,
  firstIm: v128,
  sumARe: v128,
  sumAIm: v128,
  sumBRe: v128,
  sumBIm: v128,
  lessARe: v128,
  lessAIm: v128,
  lessBRe: v128,
  lessBIm: v128,
): void {
  const evenRe = f32x4.add(f32x4.add(firstRe, times(turnA, sumARe)), times(turnB, sumBRe));
  const evenIm = f32x4.add(f32x4.add(firstIm, times(turnA, sumAIm)), times(turnB, sumBIm));
  const oddRe = f32x4.add(times(turnA + 4, lessARe), times(turnB + 4, lessBRe));
  const oddIm = f32x4.add(times(turnA + 4, lessAIm), times(turnB + 4, lessBIm));
  storePair(at, mirror, factor, mirrorFactor, last, evenRe, evenIm, oddRe, oddIm);
}

@inline
function radix5Pass(last: bool, groups: usize, stride: usize, from: usize, to: usize, factors: usize, roots: usize): void {
  const part: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 32) {
    let x = from + group * step;
    let y = to + 5 * group * step;
    for (const end = x + step; x < end; x += 32, y += 32) {
      const firstRe = v128.load(x);
      const firstIm = v128.load(x, 16);
      const a = x + part;
      const b = a + part;
      const e = b + part;
      const f = e + part;
      const sumARe = sum(a, f);
      const sumAIm = sum(a + 16, f + 16);
      const sumBRe = sum(b, e);
      const sumBIm = sum(b + 16, e + 16);
      const lessARe = difference(a, f);
      const lessAIm = difference(a + 16, f + 16);
      const lessBRe = difference(b, e);
      const lessBIm = difference(b + 16, e + 16);
      v128.store(y, f32x4.add(f32x4.add(firstRe, sumARe), sumBRe));
      v128.store(y, f32x4.add(f32x4.add(firstIm, sumAIm), sumBIm), 16);
      pair5(
        y + step, y + 4 * step, factors, factors + 24, last, roots + 8, roots + 16,
        firstRe, firstIm, sumARe, sumAIm, sumBRe, sumBIm, lessARe, lessAIm, lessBRe, lessBIm,
      );
      pair5(
        y + 2 * step, y + 3 * step, factors + 8, factors + 16, last, roots + 16, roots + 32,
        firstRe, firstIm, sumARe, sumAIm, sumBRe, sumBIm, lessARe, lessAIm, lessBRe, lessBIm,
      );
    }
  }
}

/** One of the pairs of a radix-7 pass. */
@inline
function pair7(
  at: usize,
  mirror: usize,
  factor: usize,
  mirrorFactor: usize,
  last: bool,
  turnA: usize,
  turnB: usize,
  turnC: usize,
  firstRe: v128,
  firstIm: v128,
  sumARe: v128,
  sumAIm: v128,
  sumBRe: v128,
  sumBIm: v128,
  sumCRe: v128,
  sumCIm: v128,
  lessARe: v128,
  lessAIm: v128,
  lessBRe: v128,
  lessBIm: v128,
  lessCRe: v128,
  lessCIm: v128,
): void {
  const evenRe = f32x4.add(
    f32x4.add(f32x4.add(firstRe, times(turnA, sumARe)), times(turnB, sumBRe)),
    times(turnC, sumCRe),
  );
  const evenIm = f32x4.add(
    f32x4.add(f32x4.add(firstIm, times(turnA, sumAIm)), times(turnB, sumBIm)),
    times(turnC, sumCIm),
  );
  const oddRe = f32x4.add(
    f32x4.add(times(turnA + 4, lessARe), times(turnB + 4, lessBRe)),
    times(turnC + 4, lessCRe),
  );
  const oddIm = f32x4.add(
    f32x4.add(times(turnA + 4, lessAIm), times(turnB + 4, lessBIm)),
    times(turnC + 4, lessCIm),
  );
  storePair(at, mirror, factor, mirrorFactor, last, evenRe, evenIm, oddRe, oddIm);
}

@inline
function radix7Pass(last: bool, groups: usize, stride: usize, from: usize, to: usize, factors: usize, roots: usize): void {
  const part: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 48) {
    let x = from + group * step;
    let y = to + 7 * group * step;
    for (const end = x + step; x < end; x += 32, y += 32) {
      const firstRe = v128.load(x);
      const firstIm = v128.load(x, 16);
      const a = x + part;
      const b = a + part;
      const c = b + part;
      const d = c + part;
      const e = d + part;
      const f = e + part;
      const sumARe = sum(a, f);
      const sumAIm = sum(a + 16, f + 16);
      const sumBRe = sum(b, e);
      const sumBIm = sum(b + 16, e + 16);
      const sumCRe = sum(c, d);
      const sumCIm = sum(c + 16, d + 16);
      const lessARe = difference(a, f);
      const lessAIm = difference(a + 16, f + 16);
      const lessBRe = difference(b, e);
      const lessBIm = difference(b + 16, e + 16);
      const lessCRe = difference(c, d);
      const lessCIm = difference(c + 16, d + 16);
      v128.store(y, f32x4.add(f32x4.add(f32x4.add(firstRe, sumARe), sumBRe), sumCRe));
      v128.store(y, f32x4.add(f32x4.add(f32x4.add(firstIm, sumAIm), sumBIm), sumCIm), 16);
      pair7(
        y + 1 * step, y + 6 * step, factors + 0, factors + 40, last, roots + 8, roots + 16, roots + 24,
        firstRe, firstIm, sumARe, sumAIm, sumBRe, sumBIm, sumCRe, sumCIm, lessARe, lessAIm, lessBRe, lessBIm, lessCRe, lessCIm,
      );
      pair7(
        y + 2 * step, y + 5 * step, factors + 8, factors + 32, last, roots + 16, roots + 32, roots + 48,
        firstRe, firstIm, sumARe, sumAIm, sumBRe, sumBIm, sumCRe, sumCIm, lessARe, lessAIm, lessBRe, lessBIm, lessCRe, lessCIm,
      );
      pair7(
        y + 3 * step, y + 4 * step, factors + 16, factors + 24, last, roots + 24, roots + 48, roots + 16,
        firstRe, firstIm, sumARe, sumAIm, sumBRe, sumBIm, sumCRe, sumCIm, lessARe, lessAIm, lessBRe, lessBIm, lessCRe, lessCIm,
      );
    }
  }
}

function oddPass(radix: usize, groups: usize, stride: usize, from: usize, to: usize, factors: usize, roots: usize): void {
  if (groups == 1) {
    if (radix == 3) radix3Pass(true, groups, stride, from, to, factors, roots);
    else if (radix == 5) radix5Pass(true, groups, stride, from, to, factors, roots);
    else radix7Pass(true, groups, stride, from, to, factors, roots);
  } else if (radix == 3) radix3Pass(false, groups, stride, from, to, factors, roots);
  else if (radix == 5) radix5Pass(false, groups, stride, from, to, factors, roots);
  else radix7Pass(false, groups, stride, from, to, factors, roots);
}

/**
 * Complex transforms, in place of `values` or in `other`: returns where.
 *
 * @param passes for each pass four int32: radix, groups, address of its twiddle factors, address of its roots; ends with radix 0
 */
export function transform(passes: usize, values: usize, other: usize): usize {
  let from = values;
  let to = other;
  let stride: usize = 1;
  for (let radix: usize = load<u32>(passes); radix != 0; radix = load<u32>(passes)) {
    const groups: usize = load<u32>(passes, 4);
    const factors: usize = load<u32>(passes, 8);
    if (radix == 4) radix4Pass(groups, stride, from, to, factors);
    else if (radix == 2) radix2Pass(groups, stride, from, to, factors);
    else oddPass(radix, groups, stride, from, to, factors, load<u32>(passes, 12));
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
 * @param response `bins` float32: for frequency 0 and up, for both signs; frequencies beyond are dropped
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
    const gain = v128.load32_splat(response + 4 * bin);
    copySwapped(spectrum + 32 * bin, gain, filtered + 32 * bin);
    if (bin > 0) copySwapped(spectrum + 32 * (length - bin), gain, filtered + 32 * (filteredLength - bin));
  }
}

@inline
function copySwapped(from: usize, gain: v128, to: usize): void {
  v128.store(to, f32x4.mul(gain, v128.load(from, 16)));
  v128.store(to, f32x4.mul(gain, v128.load(from)), 16);
}

// The largest and the smallest magnitudes of bands, for four spectra, one a lane. Which values are kept stays in registers: a list in
// memory made each value wait for the one before it to be written.

import { toDoubleHigh, toDoubleLow } from './lanes';

@inline
function highest4(at: usize): v128 {
  return f32x4.pmax(
    f32x4.pmax(v128.load(at), v128.load(at, 16)),
    f32x4.pmax(v128.load(at, 32), v128.load(at, 48)),
  );
}

@inline
function lowest4(at: usize): v128 {
  return f32x4.pmin(
    f32x4.pmin(v128.load(at), v128.load(at, 16)),
    f32x4.pmin(v128.load(at, 32), v128.load(at, 48)),
  );
}

/** One, two or three extremes of all values: each is sorted in. */
@inline
function fewExtremes(extremes: u32, at: usize, end: usize, peak: usize, valley: usize): void {
  let top0 = f32x4.splat(-Infinity);
  let top1 = top0;
  let top2 = top0;
  let low0 = f32x4.splat(Infinity);
  let low1 = low0;
  let low2 = low0;
  for (; at < end; at += 16) {
    let up = v128.load(at);
    let down = up;
    if (extremes > 1) {
      const nextUp = f32x4.pmin(top0, up);
      const nextDown = f32x4.pmax(low0, down);
      top0 = f32x4.pmax(top0, up);
      low0 = f32x4.pmin(low0, down);
      if (extremes > 2) {
        const lastUp = f32x4.pmin(top1, nextUp);
        const lastDown = f32x4.pmax(low1, nextDown);
        top2 = f32x4.pmax(top2, lastUp);
        low2 = f32x4.pmin(low2, lastDown);
      }
      top1 = f32x4.pmax(top1, nextUp);
      low1 = f32x4.pmin(low1, nextDown);
    } else {
      top0 = f32x4.pmax(top0, up);
      low0 = f32x4.pmin(low0, down);
    }
  }
  if (extremes > 1) {
    top0 = f32x4.add(top0, top1);
    low0 = f32x4.add(low0, low1);
  }
  if (extremes > 2) {
    top0 = f32x4.add(top0, top2);
    low0 = f32x4.add(low0, low2);
  }
  v128.store(peak, f32x4.div(top0, f32x4.splat(<f32>extremes)));
  v128.store(valley, f32x4.div(low0, f32x4.splat(<f32>extremes)));
}

/**
 * Mean of six or nine largest values. Spectra fall towards high frequencies: from their loud end few values are among the largest so
 * far, and four at once are passed over that are not.
 */
@inline
function meanOfLargest(extremes: u32, at: usize, end: usize): v128 {
  const none = f32x4.splat(-Infinity);
  let a = none;
  let b = none;
  let c = none;
  let d = none;
  let e = none;
  let f = none;
  let g = none;
  let h = none;
  let i = none;
  let next = at + ((end - at) & 63);
  for (;;) {
    for (; at < next; at += 16) {
      let value = v128.load(at);
      let less = f32x4.pmin(a, value);
      a = f32x4.pmax(a, value);
      value = f32x4.pmin(b, less);
      b = f32x4.pmax(b, less);
      less = f32x4.pmin(c, value);
      c = f32x4.pmax(c, value);
      value = f32x4.pmin(d, less);
      d = f32x4.pmax(d, less);
      less = f32x4.pmin(e, value);
      e = f32x4.pmax(e, value);
      if (extremes > 6) {
        value = f32x4.pmin(f, less);
        f = f32x4.pmax(f, less);
        less = f32x4.pmin(g, value);
        g = f32x4.pmax(g, value);
        value = f32x4.pmin(h, less);
        h = f32x4.pmax(h, less);
        i = f32x4.pmax(i, value);
      } else f = f32x4.pmax(f, less);
    }
    const least = extremes > 6 ? i : f;
    while (at < end && !v128.any_true(f32x4.gt(highest4(at), least))) at += 64;
    if (at >= end) break;
    next = at + 64;
  }
  let sum = f32x4.add(f32x4.add(f32x4.add(f32x4.add(f32x4.add(a, b), c), d), e), f);
  if (extremes > 6) sum = f32x4.add(f32x4.add(f32x4.add(sum, g), h), i);
  return f32x4.div(sum, f32x4.splat(<f32>extremes));
}

/** Likewise of the smallest, from the quiet end down. */
@inline
function meanOfSmallest(extremes: u32, first: usize, at: usize): v128 {
  const none = f32x4.splat(Infinity);
  let a = none;
  let b = none;
  let c = none;
  let d = none;
  let e = none;
  let f = none;
  let g = none;
  let h = none;
  let i = none;
  let next = at - ((at - first) & 63);
  for (;;) {
    while (at > next) {
      at -= 16;
      let value = v128.load(at);
      let more = f32x4.pmax(a, value);
      a = f32x4.pmin(a, value);
      value = f32x4.pmax(b, more);
      b = f32x4.pmin(b, more);
      more = f32x4.pmax(c, value);
      c = f32x4.pmin(c, value);
      value = f32x4.pmax(d, more);
      d = f32x4.pmin(d, more);
      more = f32x4.pmax(e, value);
      e = f32x4.pmin(e, value);
      if (extremes > 6) {
        value = f32x4.pmax(f, more);
        f = f32x4.pmin(f, more);
        more = f32x4.pmax(g, value);
        g = f32x4.pmin(g, value);
        value = f32x4.pmax(h, more);
        h = f32x4.pmin(h, more);
        i = f32x4.pmin(i, value);
      } else f = f32x4.pmin(f, more);
    }
    const most = extremes > 6 ? i : f;
    while (at > first && !v128.any_true(f32x4.lt(lowest4(at - 64), most))) at -= 64;
    if (at <= first) break;
    next = at - 64;
  }
  let sum = f32x4.add(f32x4.add(f32x4.add(f32x4.add(f32x4.add(a, b), c), d), e), f);
  if (extremes > 6) sum = f32x4.add(f32x4.add(f32x4.add(sum, g), h), i);
  return f32x4.div(sum, f32x4.splat(<f32>extremes));
}

/**
 * Means of the largest and of the smallest magnitudes of each band of four spectra.
 *
 * @param bands for each band three int32: first bin, end bin, number of magnitudes averaged (1, 2, 3, 6 or 9)
 * @param peaks receives `count` times four float32
 * @param valleys likewise
 */
export function contrastExtremes(magnitudes: usize, bands: usize, count: usize, peaks: usize, valleys: usize): void {
  for (let band: usize = 0; band < count; band++, bands += 12, peaks += 16, valleys += 16) {
    const first = magnitudes + 16 * load<u32>(bands);
    const end = magnitudes + 16 * load<u32>(bands, 4);
    const extremes = load<u32>(bands, 8);
    if (extremes == 1) fewExtremes(1, first, end, peaks, valleys);
    else if (extremes == 2) fewExtremes(2, first, end, peaks, valleys);
    else if (extremes == 3) fewExtremes(3, first, end, peaks, valleys);
    else if (extremes == 6) {
      v128.store(peaks, meanOfLargest(6, first, end));
      v128.store(valleys, meanOfSmallest(6, first, end));
    } else if (extremes == 9) {
      v128.store(peaks, meanOfLargest(9, first, end));
      v128.store(valleys, meanOfSmallest(9, first, end));
    } else unreachable();
  }
}

/**
 * Peak over valley in decibels, each limited to its own dynamic range first.
 *
 * @param peaks for each of `groups` times four frames seven times four float32 decibels; `valleys` likewise
 * @param to receives seven rows of float64, `rowBytes` apart
 */
export function contrastRows(
  peaks: usize,
  valleys: usize,
  groups: i32,
  peakFloor: f64,
  valleyFloor: f64,
  to: usize,
  rowBytes: usize,
): void {
  const lowestPeak = f64x2.splat(peakFloor);
  const lowestValley = f64x2.splat(valleyFloor);
  for (let group = 0; group < groups; group++, to += 32) {
    let at = to;
    for (let band = 0; band < 7; band++, peaks += 16, valleys += 16, at += rowBytes) {
      const peak = v128.load(peaks);
      const valley = v128.load(valleys);
      v128.store(
        at,
        f64x2.sub(f64x2.pmax(lowestPeak, toDoubleLow(peak)), f64x2.pmax(lowestValley, toDoubleLow(valley))),
      );
      v128.store(
        at,
        f64x2.sub(f64x2.pmax(lowestPeak, toDoubleHigh(peak)), f64x2.pmax(lowestValley, toDoubleHigh(valley))),
        16,
      );
    }
  }
}

// Looks for the pitch of one voice, and for that of another in what the first leaves. Four frames, one a lane.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

/** Bins of a spectrum that pitches are looked for in, of lanes 0 and 2 of two groups of frames: every other frame. */
const PITCH_BINS: usize = 354;
const LEVELLING_BINS: i32 = 15;
/** What fits no better has no voice, and what else it has does not count: the least fit of `pitchFeatures`. */
const UNVOICED_FIT: f32 = 0.15;

/** Magnitudes of frames 0 and 2 of a group, to lanes 0 and 1 of `collected` or, with `half` 1, to lanes 2 and 3. */
export function collectMagnitudes(magnitudes: usize, collected: usize, half: usize): void {
  for (let to = collected + 8 * half, end = to + 16 * PITCH_BINS; to < end; to += 16, magnitudes += 16) {
    const value = v128.load(magnitudes);
    v128.store64_lane(to, i32x4.shuffle(value, value, 0, 2, 0, 2), 0);
  }
}

/** Divides each value by the mean of its neighbours. */
function levelRoots(roots: usize, flat: usize): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const last = <i32>PITCH_BINS;
  for (let bin: i32 = 0; bin < LEVELLING_BINS; bin++) {
    const value = v128.load(roots + 16 * <usize>bin);
    low = f64x2.add(low, toDoubleLow(value));
    high = f64x2.add(high, toDoubleHigh(value));
  }
  // Sums that should be 0 again may have become less by rounding.
  const zero = f64x2.splat(0);
  const tiny = f64x2.splat(1e-6);
  let share = zero;
  for (let bin: i32 = 0; bin < last; bin++) {
    const at = roots + 16 * <usize>bin;
    if (bin + LEVELLING_BINS < last) {
      const value = v128.load(at, 16 * LEVELLING_BINS);
      low = f64x2.add(low, toDoubleLow(value));
      high = f64x2.add(high, toDoubleHigh(value));
    }
    if (bin > LEVELLING_BINS) {
      const value = v128.load(at - 16 * (LEVELLING_BINS + 1));
      low = f64x2.sub(low, toDoubleLow(value));
      high = f64x2.sub(high, toDoubleHigh(value));
    }
    if (bin <= LEVELLING_BINS || bin + LEVELLING_BINS >= last) {
      const count = min(bin + LEVELLING_BINS + 1, last) - max(bin - LEVELLING_BINS, 0);
      share = f64x2.splat(1 / <f64>count);
    }
    const value = v128.load(at);
    const flatLow = f64x2.div(toDoubleLow(value), f64x2.add(f64x2.mul(f64x2.pmax(zero, low), share), tiny));
    const flatHigh = f64x2.div(toDoubleHigh(value), f64x2.add(f64x2.mul(f64x2.pmax(zero, high), share), tiny));
    v128.store(flat + 16 * <usize>bin, toSingle(flatLow, flatHigh));
  }
}

/** One lane's value becomes `limit`, if that is less; without a branch, which could not be foretold. */
@inline
function lower(flat: usize, rest: usize, limit: v128): void {
  v128.store32_lane(rest, f32x4.pmin(limit, v128.load32_zero(flat)), 0);
}

/** What lies on a harmonic becomes what lies between the harmonics, if that is less; one lane. */
function removeHarmonics(flat: usize, rest: usize, lane: usize, spacing: f64): void {
  const last = <i32>PITCH_BINS - 1;
  flat += 4 * lane;
  rest += 4 * lane;
  // Of two harmonics that are near, the nearer counts.
  const areNear = spacing < 7.5;
  let below = load<f32>(flat + 16 * min(<i32>(0.5 * spacing + 0.5), last));
  for (let harmonic: f64 = 1; ; harmonic++) {
    const centre = harmonic * spacing;
    const start = <i32>ceil(centre - 3.5);
    if (start > last) break;
    const above = load<f32>(flat + 16 * min(<i32>((harmonic + 0.5) * spacing + 0.5), last));
    const limit = f32x4.splat((below + above) / 2);
    below = above;
    const from = flat + 16 * start;
    const to = rest + 16 * start;
    // Within 3.5 bins lie seven, or eight where the centre is halfway between two.
    if (!areNear && start + 7 <= last && <f64>(start + 7) > centre + 3.5) {
      lower(from, to, limit);
      lower(from + 16, to + 16, limit);
      lower(from + 32, to + 32, limit);
      lower(from + 48, to + 48, limit);
      lower(from + 64, to + 64, limit);
      lower(from + 80, to + 80, limit);
      lower(from + 96, to + 96, limit);
      continue;
    }
    const end = min(<i32>floor(centre + 3.5), last);
    for (let bin = start; bin <= end; bin++) {
      if (areNear && floor(<f64>bin / spacing + 0.5) != harmonic) continue;
      lower(flat + 16 * bin, rest + 16 * bin, limit);
    }
  }
}

/** What `combSums` leaves. */
let onHarmonics: v128 = f32x4.splat(0);
let betweenHarmonics: v128 = f32x4.splat(0);

/**
 * Values on and between a pitch's harmonics, added up side by side, since each addition waits for the one before it.
 * `terms` holds a bin and two weights for each harmonic, then for the place below it.
 */
@inline
function combSums(values: usize, terms: usize, end: usize): void {
  let on = f32x4.splat(0);
  let between = f32x4.splat(0);
  for (; terms < end; terms += 24) {
    const at = values + load<u32>(terms);
    const below = values + load<u32>(terms, 12);
    on = f32x4.add(on, f32x4.mul(v128.load(at), v128.load32_splat(terms, 4)));
    between = f32x4.add(between, f32x4.mul(v128.load(below), v128.load32_splat(terms, 16)));
    on = f32x4.add(on, f32x4.mul(v128.load(at, 16), v128.load32_splat(terms, 8)));
    between = f32x4.add(between, f32x4.mul(v128.load(below, 16), v128.load32_splat(terms, 20)));
  }
  onHarmonics = on;
  betweenHarmonics = between;
}

/**
 * Pitches of four frames.
 *
 * @param magnitudes from `collectMagnitudes`
 * @param flat work space for as much, twice
 * @param spacings for each pitch a float64: bins between its harmonics
 * @param ends for each pitch the address where its terms end
 * @param terms for each pitch and harmonic 24 bytes: byte offset and two float32 weights, of the harmonic and of the place below it
 * @param found receives three times four: the best pitch (int32), how well it fits, how well another fits the rest (float32; nothing
 * that counts where there is no voice)
 */
export function findPitches(
  magnitudes: usize,
  flat: usize,
  count: i32,
  spacings: usize,
  ends: usize,
  terms: usize,
  found: usize,
): void {
  const rest = flat + 16 * PITCH_BINS;
  const tiny = f32x4.splat(1e-6);
  // Fourth roots of the powers.
  for (let at: usize = 0; at < 16 * PITCH_BINS; at += 16) {
    v128.store(rest + at, f32x4.sqrt(v128.load(magnitudes + at)));
  }
  levelRoots(rest, flat);
  let best = f32x4.splat(-Infinity);
  let first = i32x4.splat(0);
  let most = f32x4.splat(-Infinity);
  let at = terms;
  for (let pitch: i32 = 0; pitch < count; pitch++) {
    const end = load<u32>(ends + 4 * <usize>pitch);
    combSums(flat, at, end);
    const on = onHarmonics;
    const off = betweenHarmonics;
    at = end;
    const fit = f32x4.div(f32x4.sub(on, off), f32x4.add(f32x4.add(on, off), tiny));
    const better = f32x4.gt(fit, best);
    best = v128.bitselect(fit, best, better);
    first = v128.bitselect(i32x4.splat(pitch), first, better);
    most = f32x4.pmax(most, on);
  }
  v128.store(found, first);
  v128.store(found, best, 16);
  if (!v128.any_true(f32x4.gt(best, f32x4.splat(UNVOICED_FIT)))) {
    v128.store(found, f32x4.splat(0), 32);
    return;
  }

  memory.copy(rest, flat, 16 * PITCH_BINS);
  for (let lane: usize = 0; lane < 4; lane++) {
    if (load<f32>(found + 16 + 4 * lane) <= UNVOICED_FIT) continue;
    removeHarmonics(flat, rest, lane, load<f64>(spacings + 8 * <usize>load<u32>(found + 4 * lane)));
  }
  let second = f32x4.splat(0);
  most = f32x4.add(most, tiny);
  at = terms;
  for (let pitch: i32 = 0; pitch < count; pitch++) {
    const end = load<u32>(ends + 4 * <usize>pitch);
    combSums(rest, at, end);
    const fit = f32x4.div(f32x4.sub(onHarmonics, betweenHarmonics), most);
    at = end;
    const apart = i32x4.gt_s(i32x4.abs(i32x4.sub(i32x4.splat(pitch), first)), i32x4.splat(8));
    second = f32x4.pmax(second, v128.and(apart, fit));
  }
  v128.store(found, second, 32);
}

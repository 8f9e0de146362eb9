// Regions, luma and what is measured of luma, of one picture. AssemblyScript; compiled by `node scripts/build-kernel.mjs`. The caller lays
// out the memory: a picture's bytes are followed by eight more that may be read, luma by sixteen.

/** Of two pixels beside each other, the bytes of the one and of the other as three whole numbers. */
const LEFT = i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1);
const RIGHT = i8x16(3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1);

@inline
function weighed(pixels: v128, which: v128, share: f32): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i8x16.swizzle(pixels, which)), f32x4.splat(share));
}

@inline
function storePlanes(target: usize, plane: usize, value: v128): void {
  v128.store32_lane(target, value, 0);
  v128.store32_lane(target + plane, value, 1);
  v128.store32_lane(target + 2 * plane, value, 2);
}

/** One of the four pixels around a place near the edge: nothing of what lies outside, or the nearest pixel's. */
function atEdge(rgb: usize, width: i32, height: i32, x: i32, y: i32, black: bool, share: f32): v128 {
  if (black && (<u32>x >= <u32>width || <u32>y >= <u32>height)) return f32x4.splat(0);
  const column = min(width - 1, max(0, x));
  const row = min(height - 1, max(0, y));
  return weighed(v128.load32_zero(rgb + 3 * (row * width + column)), LEFT, share);
}

/**
 * Samples `size` x `size` places of a picture bilinearly: place (0, 0) at the corner, others by steps across and down from it.
 *
 * @param result three planes of float32: `low` + `scale` x byte
 * @param mirrored left and right of the result are swapped
 * @param black what lies outside is black (`low`), or else its nearest pixel
 */
export function sampleRegion(
  rgb: usize,
  width: i32,
  height: i32,
  result: usize,
  size: i32,
  mirrored: bool,
  black: bool,
  low: f32,
  scale: f32,
  cornerX: f64,
  cornerY: f64,
  acrossX: f64,
  acrossY: f64,
  downX: f64,
  downY: f64,
): void {
  const plane: usize = 4 * size * size;
  const stride: usize = 3 * width;
  const lowest = f32x4.splat(low);
  const across = f64x2(acrossX, acrossY);
  const step: isize = mirrored ? -4 : 4;
  for (let row = 0; row < size; row++) {
    const begin = f64x2(cornerX + <f64>row * downX, cornerY + <f64>row * downY);
    let target = result + 4 * (row * size + (mirrored ? size - 1 : 0));
    for (let column = 0; column < size; column++, target += step) {
      const place = f64x2.add(begin, f64x2.mul(f64x2.splat(column), across));
      const whole = f64x2.floor(place);
      const rest = f32x4.demote_f64x2_zero(f64x2.sub(place, whole));
      const corner = i32x4.trunc_sat_f64x2_s_zero(whole);
      const left = i32x4.extract_lane(corner, 0);
      const top = i32x4.extract_lane(corner, 1);
      const right = scale * f32x4.extract_lane(rest, 0);
      const bottom = f32x4.extract_lane(rest, 1);
      const fourth = right * bottom;
      const second = right - fourth;
      const third = scale * bottom - fourth;
      const first = scale - right - third;
      let value: v128;
      if (<u32>left < <u32>(width - 1) && <u32>top < <u32>(height - 1)) {
        const at = rgb + stride * top + 3 * left;
        const above = v128.load64_zero(at);
        const below = v128.load64_zero(at + stride);
        value = f32x4.add(
          f32x4.add(weighed(above, LEFT, first), weighed(above, RIGHT, second)),
          f32x4.add(weighed(below, LEFT, third), weighed(below, RIGHT, fourth)),
        );
      } else if (black && (left < -1 || top < -1 || left >= width || top >= height)) {
        value = f32x4.splat(0);
      } else {
        value = f32x4.add(
          f32x4.add(
            atEdge(rgb, width, height, left, top, black, first),
            atEdge(rgb, width, height, left + 1, top, black, second),
          ),
          f32x4.add(
            atEdge(rgb, width, height, left, top + 1, black, third),
            atEdge(rgb, width, height, left + 1, top + 1, black, fourth),
          ),
        );
      }
      storePlanes(target, plane, f32x4.add(lowest, value));
    }
  }
}

/** BT.601's weights, as MediaPipe and OpenCV take them for grey, times 1024. */
const WEIGHTS = i16x8(306, 601, 117, 0, 306, 601, 117, 0);
const TWO_PIXELS = i8x16(0, -1, 1, -1, 2, -1, -1, -1, 4, -1, 5, -1, 6, -1, -1, -1);

/**
 * Luma of squares of `step` pixels: float32, `scale` times the sum of one pixel of each of the first `taken` rows, row y's in column
 * (2y + 1) mod `taken`. One value behind the last may be written.
 */
export function luma(
  rgb: usize,
  width: i32,
  columns: i32,
  rows: i32,
  step: i32,
  taken: i32,
  scale: f64,
  values: usize,
): void {
  const stride: usize = 3 * width;
  const square: usize = 3 * step;
  for (let row = 0; row < rows; row++) {
    const start = rgb + stride * row * step;
    const target = values + 4 * row * columns;
    for (let column = 0; column < columns; column += 2) {
      // An odd last one is its own neighbour: what lies behind it may be behind the picture.
      const further: usize = column + 1 < columns ? square : 0;
      let sums = i32x4.splat(0);
      for (let y = 0; y < taken; y++) {
        const at = start + stride * y + square * column + 3 * ((2 * y + 1) % taken);
        const pixels = v128.load32_lane(at + further, v128.load32_zero(at), 1);
        sums = i32x4.add(sums, i32x4.dot_i16x8_s(i8x16.swizzle(pixels, TWO_PIXELS), WEIGHTS));
      }
      const one = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
      const other = i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
      store<f32>(target + 4 * column, <f32>(<f64>one * scale));
      if (further > 0) store<f32>(target + 4 * column + 4, <f32>(<f64>other * scale));
    }
  }
}

@inline
function high(values: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(values, values, 1, 1));
}

@inline
function ofLanes(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Sum of float32. */
export function sum(values: usize, count: i32): f64 {
  const end = values + 4 * count;
  let evens = f64x2.splat(0);
  let odds = f64x2.splat(0);
  for (const whole = values + 4 * (count & ~3); values < whole; values += 16) {
    const four = v128.load(values);
    evens = f64x2.add(evens, f64x2.promote_low_f32x4(four));
    odds = f64x2.add(odds, high(four));
  }
  let total = ofLanes(f64x2.add(evens, odds));
  for (; values < end; values += 4) total += <f64>load<f32>(values);
  return total;
}

/** Variance of the Laplacian of all values but those at the border; 0 without such. */
export function laplacianVariance(values: usize, width: i32, height: i32): f64 {
  if (width < 3 || height < 3) return 0;
  const stride: usize = 4 * width;
  let sums = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let sumOfRest: f64 = 0;
  let squaresOfRest: f64 = 0;
  for (let row = 1; row < height - 1; row++) {
    let at = values + stride * row + 4;
    const end = at + 4 * (width - 2);
    for (const whole = at + 4 * ((width - 2) & ~3); at < whole; at += 16) {
      const changes = f32x4.sub(
        f32x4.add(
          f32x4.add(v128.load(at - stride), v128.load(at + stride)),
          f32x4.add(v128.load(at - 4), v128.load(at + 4)),
        ),
        f32x4.mul(f32x4.splat(4), v128.load(at)),
      );
      const one = f64x2.promote_low_f32x4(changes);
      const other = high(changes);
      sums = f64x2.add(sums, f64x2.add(one, other));
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(one, one), f64x2.mul(other, other)));
    }
    for (; at < end; at += 4) {
      const change: f64 =
        load<f32>(at - stride) + load<f32>(at + stride) + (load<f32>(at - 4) + load<f32>(at + 4)) - 4 * load<f32>(at);
      sumOfRest += change;
      squaresOfRest += change * change;
    }
  }
  const count: f64 = <f64>(width - 2) * <f64>(height - 2);
  const mean = (ofLanes(sums) + sumOfRest) / count;
  return max(0, (ofLanes(squares) + squaresOfRest) / count - mean * mean);
}

/** Means of squares of values; what is left over at the right and the bottom is left out. */
export function shrink(values: usize, width: i32, columns: i32, rows: i32, across: i32, down: i32, means: usize): void {
  const count: f64 = <f64>across * <f64>down;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, means += 4) {
      let sum: f64 = 0;
      for (let y = 0; y < down; y++) {
        const at = values + 4 * ((row * down + y) * width + column * across);
        for (let x = 0; x < across; x++) sum += <f64>load<f32>(at + 4 * x);
      }
      store<f32>(means, <f32>(sum / count));
    }
  }
}

/** Bits that look like chance and are always the same: the finaliser of MurmurHash3. */
@inline
function mixed(value: u32): u32 {
  let bits = (value ^ (value >> 16)) * 0x85ebca6b;
  bits = (bits ^ (bits >> 13)) * 0xc2b2ae35;
  return bits ^ (bits >> 16);
}

/** To each of 16 float64 at `sums` are added those of `count` float32 whose place has its bit set. */
export function project(values: usize, count: i32, sums: usize): void {
  for (let index = 0; index < count; index++) {
    const bits = i64x2.splat(mixed(index));
    const value = f64x2.splat(load<f32>(values + 4 * index));
    let wanted = i64x2(1, 2);
    for (let pair = sums; pair < sums + 128; pair += 16) {
      const isSet = i64x2.eq(v128.and(bits, wanted), wanted);
      v128.store(pair, f64x2.add(v128.load(pair), v128.and(value, isSet)));
      wanted = i64x2.shl(wanted, 2);
    }
  }
}

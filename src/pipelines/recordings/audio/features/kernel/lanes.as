// Between four numbers in single precision and twice two in double, shared by the kernels.

@inline
export function toDoubleLow(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

@inline
export function toDoubleHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1));
}

@inline
export function toSingle(low: v128, high: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

@inline
export function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

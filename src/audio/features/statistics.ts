/** Mean and population standard deviation of `count` values, `stride` apart from `offset` on. */
export function meanAndStd(
  values: Float32Array | Float64Array,
  count = values.length,
  offset = 0,
  stride = 1,
): { mean: number; std: number } {
  let sum = 0;
  for (let i = 0, at = offset; i < count; i++, at += stride) sum += values[at]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0, at = offset; i < count; i++, at += stride) squares += (values[at]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / count) };
}

/** Mean and population standard deviation of `count` values from `offset` on. */
export function meanAndStd(
  values: Float32Array | Float64Array,
  count = values.length,
  offset = 0,
): { mean: number; std: number } {
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = offset; i < offset + count; i++) squares += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / count) };
}

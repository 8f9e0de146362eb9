/** Mean and population standard deviation of `count` values from `offset` on. */
export function meanAndStd(
  values: Float32Array | Float64Array,
  count = values.length,
  offset = 0,
): { mean: number; std: number } {
  const end = offset + count;
  const foursEnd = end - (count % 4);
  // Four sums side by side: each addition waits for the one before it.
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = offset; i < foursEnd; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = foursEnd; i < end; i++) a += values[i]!;
  const mean = (a + b + (c + d)) / count;
  [a, b, c, d] = [0, 0, 0, 0];
  for (let i = offset; i < foursEnd; i += 4) {
    a += (values[i]! - mean) ** 2;
    b += (values[i + 1]! - mean) ** 2;
    c += (values[i + 2]! - mean) ** 2;
    d += (values[i + 3]! - mean) ** 2;
  }
  for (let i = foursEnd; i < end; i++) a += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt((a + b + (c + d)) / count) };
}

// Values of a row by their place in order, without sorting all of it.

/**
 * Values from place `low` on are exchanged around a pivot until the one at `place` is the one of sorted values (Hoare's selection).
 *
 * @param values `count` float64, whose places below `low` hold none that is larger than a later one
 * @returns the value at `place`
 */
export function select(values: usize, count: i32, low: i32, place: i32): f64 {
  let high = count - 1;
  while (low < high) {
    const pivot = load<f64>(values + 8 * <usize>((low + high) >> 1));
    let left = values + 8 * <usize>low;
    let right = values + 8 * <usize>high;
    while (left <= right) {
      while (load<f64>(left) < pivot) left += 8;
      while (load<f64>(right) > pivot) right -= 8;
      if (left > right) break;
      const exchanged = load<f64>(left);
      store<f64>(left, load<f64>(right));
      store<f64>(right, exchanged);
      left += 8;
      right -= 8;
    }
    const wanted = values + 8 * <usize>place;
    if (wanted <= right) high = <i32>((right - values) >> 3);
    else if (wanted >= left) low = <i32>((left - values) >> 3);
    else break;
  }
  return load<f64>(values + 8 * <usize>place);
}

/** Largest of `count` float64. */
export function highest(values: usize, count: i32): f64 {
  let found: f64 = -Infinity;
  for (const end = values + 8 * count; values < end; values += 8) found = max(found, load<f64>(values));
  return found;
}

/** Smallest of `count` float64. */
export function lowest(values: usize, count: i32): f64 {
  let found: f64 = Infinity;
  for (const end = values + 8 * count; values < end; values += 8) found = min(found, load<f64>(values));
  return found;
}

export function copy(values: usize, count: i32, to: usize): void {
  memory.copy(to, values, 8 * count);
}

export function clear(values: usize, count: i32): void {
  memory.fill(values, 0, 8 * count);
}

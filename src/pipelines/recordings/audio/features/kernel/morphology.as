// What lies between neighbours: the largest and the smallest of windows that slide along a row of float64.

/**
 * In place: value i becomes the largest of `width` neighbours from i on.
 *
 * @param values `count` float64
 * @returns how many windows lie wholly inside
 */
function slideMax(values: usize, count: i32, width: i32): i32 {
  let length = count;
  for (let done = 1; done < width; ) {
    const step = min(done, width - done);
    length -= step;
    let at = values;
    const later: usize = 8 * step;
    for (const end = at + 8 * (length & ~1); at < end; at += 16) {
      v128.store(at, f64x2.pmax(v128.load(at), v128.load(at + later)));
    }
    if (length & 1) store<f64>(at, load<f64>(at + later) > load<f64>(at) ? load<f64>(at + later) : load<f64>(at));
    done += step;
  }
  return length;
}

/** Likewise the smallest. */
function slideMin(values: usize, count: i32, width: i32): i32 {
  let length = count;
  for (let done = 1; done < width; ) {
    const step = min(done, width - done);
    length -= step;
    let at = values;
    const later: usize = 8 * step;
    for (const end = at + 8 * (length & ~1); at < end; at += 16) {
      v128.store(at, f64x2.pmin(v128.load(at), v128.load(at + later)));
    }
    if (length & 1) store<f64>(at, load<f64>(at + later) < load<f64>(at) ? load<f64>(at + later) : load<f64>(at));
    done += step;
  }
  return length;
}

/** In place: the largest of every `width` neighbours; returns how many windows lie wholly inside. */
export function windowMaxima(values: usize, count: i32, width: i32): i32 {
  return slideMax(values, count, width);
}

/**
 * Peaks narrower than `width` are taken off: a morphological opening. Of fewer values than that, all but the least.
 *
 * @param work room for `count + width` float64; receives the answer
 */
export function withoutPeaks(values: usize, count: i32, width: i32, work: usize): void {
  const lead = width - 1;
  memory.copy(work + 8 * lead, values, 8 * count);
  const windows = slideMin(work + 8 * lead, count, min(width, count));
  fill(work, lead, -Infinity);
  fill(work + 8 * (lead + windows), count - windows, -Infinity);
  slideMax(work, count + lead, width);
}

/** Likewise gaps are filled: a closing. */
export function withoutGaps(values: usize, count: i32, width: i32, work: usize): void {
  const lead = width - 1;
  memory.copy(work + 8 * lead, values, 8 * count);
  const windows = slideMax(work + 8 * lead, count, min(width, count));
  fill(work, lead, Infinity);
  fill(work + 8 * (lead + windows), count - windows, Infinity);
  slideMin(work, count + lead, width);
}

function fill(values: usize, count: i32, value: f64): void {
  for (const end = values + 8 * count; values < end; values += 8) store<f64>(values, value);
}

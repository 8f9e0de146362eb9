/** In place: value i becomes the largest of `width` neighbours from i on; returns how many windows lie wholly inside. */
function slideMax(values: Float64Array, count: number, width: number): number {
  let length = count;
  for (let done = 1; done < width;) {
    const step = Math.min(done, width - done);
    length -= step;
    for (let i = 0; i < length; i++) {
      const later = values[i + step]!;
      if (later > values[i]!) values[i] = later;
    }
    done += step;
  }
  return length;
}

/** Likewise the smallest. */
function slideMin(values: Float64Array, count: number, width: number): number {
  let length = count;
  for (let done = 1; done < width;) {
    const step = Math.min(done, width - done);
    length -= step;
    for (let i = 0; i < length; i++) {
      const later = values[i + step]!;
      if (later < values[i]!) values[i] = later;
    }
    done += step;
  }
  return length;
}

type Slide = typeof slideMax;

/** Two slides: over each neighbourhood, then back over the windows that hold each value; outside is `outside`. */
function slideTwice(
  values: Float64Array,
  width: number,
  first: Slide,
  second: Slide,
  outside: number,
): Float64Array {
  const lead = width - 1;
  const work = new Float64Array(values.length + lead);
  work.set(values, lead);
  const windows = first(work.subarray(lead), values.length, Math.min(width, values.length));
  work.fill(outside, 0, lead);
  work.fill(outside, lead + windows);
  second(work, values.length + lead, width);
  return work.subarray(0, values.length);
}

/** The largest of every `width` neighbours: windows that lie wholly inside. */
export function windowMaxima(values: Float64Array, width: number): Float64Array {
  const work = values.slice();
  return work.subarray(0, slideMax(work, work.length, width));
}

/** Takes off the peaks that are narrower than `width` (a morphological opening); of fewer values than that, all but the least. */
export function withoutPeaks(values: Float64Array, width: number): Float64Array {
  return slideTwice(values, width, slideMin, slideMax, -Infinity);
}

/** Fills the gaps that are narrower than `width` (a morphological closing); of fewer values than that, all but the largest. */
export function withoutGaps(values: Float64Array, width: number): Float64Array {
  return slideTwice(values, width, slideMax, slideMin, Infinity);
}

/** Whether a series of measurements stays where it is. */
export interface Trend {
  median: number;
  most: number;
  /** What the slope adds over an hour. */
  perHour: number;
  isFlat: boolean;
}

export interface FlatBounds {
  /** Growth over an hour that counts as none: this share of the median … */
  share: number;
  /** … or so much, whichever is more. */
  amount: number;
}

/**
 * Fits a line by Theil and Sen: the median of the slopes between all pairs, which a third of wild points (a saw's
 * teeth, a fault's backlog) moves little.
 */
export function trendOf(points: readonly { atSeconds: number; value: number }[], bounds: FlatBounds): Trend {
  const slopes: number[] = [];
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      const apart = other.atSeconds - one.atSeconds;
      if (apart > 0) slopes.push((other.value - one.value) / apart);
    }
  });
  const values = points.map(({ value }) => value);
  const median = medianOf(values);
  const perHour = medianOf(slopes) * 3600;
  const spanHours = ((points.at(-1)?.atSeconds ?? 0) - (points[0]?.atSeconds ?? 0)) / 3600;
  return {
    median,
    most: Math.max(0, ...values),
    perHour,
    // Over the time that was watched: a slope over minutes says nothing about an hour. A saw may seem to rise by its
    // slope, but its peaks stay; what leaks grows in both.
    isFlat:
      Math.min(perHour * spanHours, peakGrowth(values)) <= Math.max(bounds.amount, bounds.share * median),
  };
}

/** From the peak of the first third to that of the last. */
function peakGrowth(values: readonly number[]): number {
  const third = Math.ceil(values.length / 3);
  return Math.max(0, ...values.slice(-third)) - Math.max(0, ...values.slice(0, third));
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

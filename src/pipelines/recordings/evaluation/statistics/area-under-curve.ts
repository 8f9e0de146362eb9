import { Z_95, type Estimate } from './estimate.js';

export interface AreaUnderCurve extends Estimate {
  /** How the interval was made. */
  interval: 'delong_logit' | 'newcombe';
}

/**
 * Area under the ROC curve: the share of pairs of an anomalous and a normal recording in which the anomalous one scores higher, ties as
 * half (Mann and Whitney, 1947). Its interval is DeLong's (Biometrics 44 (1988) 837-845, computed from midranks as Sun and Xu, IEEE
 * Signal Processing Letters 21 (2014) 1389-1393) on the logit scale, which stays within 0 and 1 and holds its level near 1 (Pepe, The
 * Statistical Evaluation of Medical Tests, 2003, section 5.2.3). Where DeLong's variance is none (all pairs in order, or a single
 * recording of a class) it is Newcombe's (Statistics in Medicine 25 (2006) 559-573, method 5).
 *
 * @returns null where a class has no recording
 */
export function areaUnderCurve(
  anomalous: readonly number[],
  normal: readonly number[],
): AreaUnderCurve | null {
  const [m, n] = [anomalous.length, normal.length];
  if (m === 0 || n === 0) return null;
  const together = midranks([...anomalous, ...normal]);
  const [ofAnomalous, ofNormal] = [midranks(anomalous), midranks(normal)];
  // Share of the other class that is on the right side of each recording.
  const placesOfAnomalous = anomalous.map((_, index) => (together[index]! - ofAnomalous[index]!) / n);
  const placesOfNormal = normal.map((_, index) => 1 - (together[m + index]! - ofNormal[index]!) / m);
  const value = mean(placesOfAnomalous);
  const variance = sampleVariance(placesOfAnomalous) / m + sampleVariance(placesOfNormal) / n;
  const slope = value * (1 - value);
  if (!(variance > 0) || !(slope > 0)) return { value, ...newcombe(value, m, n), interval: 'newcombe' };
  const logit = Math.log(value / (1 - value));
  const half = (Z_95 * Math.sqrt(variance)) / slope;
  const expit = (x: number): number => 1 / (1 + Math.exp(-x));
  return { value, low: expit(logit - half), high: expit(logit + half), interval: 'delong_logit' };
}

/** Ranks from 1 on in ascending order; equal values share the mean of theirs. */
export function midranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** NaN of a single value. */
function sampleVariance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/**
 * The areas that are within z of the one found, by Hanley and McNeil's variance of that area itself, with both sizes replaced by their mean
 * where they weigh its two terms.
 */
function newcombe(value: number, m: number, n: number): { low: number; high: number } {
  const weight = (m + n) / 2 - 1;
  const distance = (area: number): number =>
    Math.abs(value - area) /
    Math.sqrt(
      ((area * (1 - area)) / (m * n)) *
        (1 + (weight * (1 - area)) / (2 - area) + (weight * area) / (1 + area)),
    );
  const end = (limit: 0 | 1): number => {
    if (value === limit) return limit;
    let [near, far] = [value, limit as number];
    // Halved until neighbours in double precision.
    for (let step = 0; step < 60; step++) {
      const middle = (near + far) / 2;
      if (distance(middle) <= Z_95) near = middle;
      else far = middle;
    }
    return near;
  };
  return { low: end(0), high: end(1) };
}

import {
  areaUnderCurve,
  midranks,
} from '../../../../src/pipelines/recordings/evaluation/statistics/area-under-curve.js';
import {
  betaQuantile,
  binomialCdf,
} from '../../../../src/pipelines/recordings/evaluation/statistics/binomial.js';
import {
  operatingPoints,
  recallWithin,
} from '../../../../src/pipelines/recordings/evaluation/statistics/operating-points.js';
import { proportion } from '../../../../src/pipelines/recordings/evaluation/statistics/proportion.js';
import { thresholdForShare } from '../../../../src/pipelines/recordings/evaluation/statistics/threshold-for-share.js';

// Where nothing else is said, the expected values are of SciPy 1.17.1, or of the definition written out in NumPy.
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a proportion', () => {
  test.each([
    // Newcombe 1998, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    // The issue's own: 5 of 50 false alarms, 30 of 32 found.
    [5, 50, 0.0435, 0.2136],
    [30, 32, 0.7985, 0.9827],
  ])("%d of %d has Wilson's interval", (found, of, low, high) => {
    const estimate = proportion(found, of)!;
    expect(estimate.value).toBe(found / of);
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
  });

  test('of nothing is none, and its ends stay within 0 and 1', () => {
    expect(proportion(0, 0)).toBeNull();
    expect(proportion(7, 7)).toMatchObject({ value: 1, high: 1 });
    expect(proportion(0, 7)).toMatchObject({ value: 0, low: 0 });
  });
});

describe('the binomial distribution', () => {
  test.each([
    [2, 100, 0.02, 0.6766856223517788],
    [979, 1000, 0.98, 0.4409043942361143],
    [49, 100, 0.5, 0.46020538130641103],
    [17_800, 900_000, 0.02, 0.06634147243876445],
    [0, 50, 0.02, 0.3641696800871171],
    [-1, 5, 0.5, 0],
    [5, 5, 0.5, 1],
  ])('has at most %d of %d at %d with the right probability', (k, n, p, expected) => {
    expect(binomialCdf(k, n, p)).toBeCloseTo(expected, 9);
  });

  test.each([
    [0.025, 1, 49, 0.0005165564975932861],
    [0.975, 1, 49, 0.07251926366427738],
    [0.975, 20, 981, 0.0295124016250978],
  ])('gives the quantile %d of Beta(%d, %d)', (probability, a, b, expected) => {
    expect(betaQuantile(probability, a, b)).toBeCloseTo(expected, 9);
  });
});

describe('the area under the curve', () => {
  const anomalous = [3, 4, 5, 2.5, 4, 6, 1];
  const normal = [1, 2, 2.5, 0, 3, 4, -1, 0.5];

  test("counts ties as half, and has DeLong's interval on the logit scale", () => {
    expect(midranks([4, 1, 4, 2])).toEqual(Float64Array.of(3.5, 1, 3.5, 2));
    const area = areaUnderCurve(anomalous, normal)!;
    expect(area.value).toBeCloseTo(0.8303571428571429, 12);
    expect(area.low).toBeCloseTo(0.5263003529322061, 9);
    expect(area.high).toBeCloseTo(0.9556814969696766, 9);
    expect(area.interval).toBe('delong_logit');
  });

  test('is the same for many ties', () => {
    const rounded = (value: number): number => Math.round(value * 10) / 10;
    const some = upTo(40).map((i) => rounded(Math.sin((i - 1) * 1.7) * 1.2 + 1.4));
    const others = upTo(60).map((j) => rounded(Math.cos((j - 1) * 2.3)));
    const area = areaUnderCurve(some, others)!;
    expect(area.value).toBeCloseTo(0.8808333333333334, 12);
    expect(area.low).toBeCloseTo(0.7994517004551345, 9);
    expect(area.high).toBeCloseTo(0.9319996575579066, 9);
  });

  test("has Newcombe's interval where DeLong's has no width", () => {
    const perfect = areaUnderCurve(
      upTo(32).map((value) => value + 100),
      upTo(50),
    )!;
    expect(perfect).toMatchObject({ value: 1, high: 1, interval: 'newcombe' });
    expect(perfect.low).toBeCloseTo(0.9489217667995482, 8);
    expect(areaUnderCurve(upTo(5), upTo(5).map((value) => value + 100))).toMatchObject({ value: 0, low: 0 }); // prettier-ignore
    const lone = areaUnderCurve([9.5], upTo(10))!;
    expect(lone).toMatchObject({ value: 0.9, interval: 'newcombe' });
    expect(lone.low).toBeCloseTo(0.3252926828533796, 8);
    expect(lone.high).toBeCloseTo(0.9930638223550973, 8);
  });

  test('is none without both classes, and takes many recordings', () => {
    expect(areaUnderCurve([], normal)).toBeNull();
    expect(areaUnderCurve(anomalous, [])).toBeNull();
    const many = upTo(100_000);
    expect(areaUnderCurve(many, many)!.value).toBeCloseTo(0.5, 12);
  });
});

describe('operating points', () => {
  test('are where the curve turns, from nothing flagged to everything', () => {
    expect(operatingPoints([3, 5], [1, 2, 3, 4])).toEqual([
      { threshold: 5, false_alarms: 0, recall: 0 },
      { threshold: 4, false_alarms: 0, recall: 0.5 },
      { threshold: 3, false_alarms: 0.25, recall: 0.5 },
      { threshold: 2, false_alarms: 0.5, recall: 1 },
      { threshold: null, false_alarms: 1, recall: 1 },
    ]);
    expect(operatingPoints([1], [])).toEqual([]);
  });

  test('say what is found within a share of false alarms', () => {
    const points = operatingPoints([3, 5], [1, 2, 3, 4]);
    expect(recallWithin(points, 0)).toMatchObject({ recall: 0.5, threshold: 4 });
    expect(recallWithin(points, 0.6)).toMatchObject({ recall: 1, threshold: 2 });
  });
});

describe('the threshold for a share of false alarms', () => {
  test('is the normal score that a further one exceeds with that probability at most', () => {
    const found = thresholdForShare(upTo(49).reverse(), 0.02);
    expect(found).toMatchObject({ threshold: 49, normals: 49, needed: 49, flags: { value: 1 / 50 } });
    expect(found.flags!.low).toBeCloseTo(0.0005165564975932861, 9);
    expect(found.flags!.high).toBeCloseTo(0.07251926366427738, 9);
    expect(thresholdForShare(upTo(1000), 0.02)).toMatchObject({
      threshold: 981,
      flags: { value: 20 / 1001 },
    });
  });

  test.each([
    [0.5, 100, 40, 61],
    [0.5, 30, 10, 21],
    [0.02, 200, 192, 200],
    [0.02, 183, 175, 183],
    [0.02, 182, 174, null],
    [0.02, 50, 47, null],
    [0.02, 1000, 971, 989],
  ])('for %d of %d lies between two order statistics', (share, normals, low, high) => {
    expect(thresholdForShare(upTo(normals), share)).toMatchObject({ low, high });
  });

  test('is none for fewer normals than the wish needs, and says how many those are', () => {
    expect(thresholdForShare(upTo(48), 0.02)).toEqual({
      share: 0.02,
      normals: 48,
      threshold: null,
      low: null,
      high: null,
      flags: null,
      needed: 49,
      needed_for_interval: 183,
    });
    expect(thresholdForShare([], 0.02).threshold).toBeNull();
  });

  test('flags no more than wished of what it was set on, whatever ties there are', () => {
    const tied = upTo(400).map((value) => Math.floor(value / 10));
    const { threshold } = thresholdForShare(tied, 0.05);
    expect(tied.filter((score) => score > threshold!).length).toBeLessThanOrEqual(20);
  });
});

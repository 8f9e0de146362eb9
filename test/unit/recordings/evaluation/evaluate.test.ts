import { drawCurve } from '../../../../src/pipelines/recordings/evaluation/draw-curve.js';
import { estimateDate } from '../../../../src/pipelines/recordings/evaluation/estimate-date.js';
import {
  curveAt,
  evaluate,
  type JudgedRecording,
} from '../../../../src/pipelines/recordings/evaluation/evaluate.js';

const judged = (score: number, anomalous: boolean, kind: string | null = null): JudgedRecording => ({
  name: `${anomalous ? 'bad' : 'good'}-${score}.wav`,
  anomalous,
  kind,
  score,
  flagged: score > 1,
  reasons: [{ feature: 'rms_mean', contribution: 1, deviation: 3, description: `as loud as ${score}` }],
});

const normals = Array.from({ length: 50 }, (_, index) =>
  judged((index + 1) / 45, false, index < 10 ? 'letters' : 'story'),
);
const anomalies = [0.5, 0.9, 1.05, 1.2, 2, 3].map((score, index) =>
  judged(score, true, index < 3 ? 'dropouts' : 'noise'),
);
const all = [...normals, ...anomalies]; // prettier-ignore

describe('the figures of judged recordings', () => {
  const figures = evaluate(all, 0.02, 2);

  test('count what is flagged among each class, and by kind, the worst kind first', () => {
    expect(figures).toMatchObject({
      normal: 50,
      anomalous: 6,
      recall: { found: 4, of: 6 },
      false_alarms: { found: 5, of: 50 },
    });
    expect(figures.recall_by_kind.map(({ kind, found, of }) => [kind, found, of])).toEqual([
      ['dropouts', 1, 3],
      ['noise', 3, 3],
    ]);
    expect(figures.false_alarms_by_kind.map(({ kind, found, of }) => [kind, found, of])).toEqual([
      ['story', 5, 40],
      ['letters', 0, 10],
    ]);
  });

  test('name the worst mistakes of each sort with their reasons', () => {
    expect(figures.mistakes.false_alarms.map(({ recording }) => recording)).toEqual([
      `good-${50 / 45}.wav`,
      `good-${49 / 45}.wav`,
    ]);
    expect(figures.mistakes.misses).toEqual([
      { recording: 'bad-0.5.wav', kind: 'dropouts', score: 0.5, reasons: ['as loud as 0.5'] },
      { recording: 'bad-0.9.wav', kind: 'dropouts', score: 0.9, reasons: ['as loud as 0.9'] },
    ]);
  });

  test('give the threshold for the wished share, and what it finds', () => {
    expect(figures.wished).toMatchObject({ threshold: 50 / 45, needed: 49, recall: { found: 3, of: 6 } });
    expect(curveAt(figures.curve, [0]).map(({ point }) => point.recall)).toEqual([0.5]);
  });

  test('are none of a class that is missing, and have no kinds where nobody gave any', () => {
    expect(evaluate([judged(1, false)], 0.02, 5)).toMatchObject({
      area_under_curve: null,
      recall: null,
      recall_by_kind: [],
      false_alarms_by_kind: [],
      curve: [],
      wished: { threshold: null, recall: null },
    });
    expect(evaluate([], 0.02, 5)).toMatchObject({ normal: 0, anomalous: 0, false_alarms: null });
    const mixed = evaluate([judged(2, true, 'hum'), judged(3, true)], 0.02, 5);
    expect(mixed.recall_by_kind.map(({ kind }) => kind)).toEqual(['hum', 'of no kind']);
  });

  test('set the threshold by the recordings that stand for others only', () => {
    expect(evaluate(all, 0.1, 5, normals.slice(0, 20)).wished).toMatchObject({
      normals: 20,
      threshold: 19 / 45,
    });
    expect(evaluate(all, 0.1, 5, []).wished).toMatchObject({ normals: 0, threshold: null });
  });

  test('are drawn as a picture that names no recording and escapes what it is given', () => {
    const svg = drawCurve({ model: '<model> 1', threshold: 1, figures });
    expect(svg).toMatch(/^<svg\s/);
    expect(svg).toContain('&lt;model&gt; 1: 50 normal and 6 anomalous recordings, AUC 0.');
    expect(svg).toContain('threshold 1');
    expect(svg).toContain('2 % wished: 1.111');
    expect(svg).not.toMatch(/\.wav|NaN|undefined/);
    const [from, to] = [...svg.matchAll(/points="(\S+) .*? (\S+)"/g)][0]!.slice(1);
    expect([from, to]).toEqual(['64,488', '736,82']);
  });
});

describe("a date's shares", () => {
  const flagged = { flagged: true, results: 100 };
  const passed = { flagged: false, results: 900 };

  test('weigh each side of the threshold by its number of results', () => {
    // 60 false alarms and 40 found; of the others a tenth, 90, are missed.
    const { false_alarms, recall } = estimateDate([
      { ...flagged, normal: 30, anomalous: 20 },
      { ...passed, normal: 90, anomalous: 10 },
    ])!;
    expect(false_alarms.value).toBeCloseTo(60 / (60 + 810), 12);
    expect(recall.value).toBeCloseTo(40 / (40 + 90), 12);
    // The ends of Wilson's intervals of 97.5 %, by SciPy: 0.44256 to 0.73918 of the flagged, 0.05079 to 0.18748 of the others.
    expect(false_alarms.low).toBeCloseTo(44.256 / (44.256 + 900 * (1 - 0.05079)), 5);
    expect(false_alarms.high).toBeCloseTo(73.918 / (73.918 + 900 * (1 - 0.18748)), 5);
    expect(recall.low).toBeCloseTo(26.082 / (26.082 + 900 * 0.18748), 4);
    expect(recall.high).toBeCloseTo(55.744 / (55.744 + 900 * 0.05079), 4);
  });

  test('take what was reviewed whole as it is', () => {
    const whole = [
      { ...flagged, normal: 60, anomalous: 40 },
      { ...passed, results: 100, normal: 90, anomalous: 10 },
    ];
    const share = 60 / 150;
    expect(estimateDate(whole)!.false_alarms).toEqual({ value: share, low: share, high: share });
    const rest = { ...passed, results: 800, normal: 50, anomalous: 0 };
    const { recall } = estimateDate([...whole, rest])!;
    expect(recall).toMatchObject({ value: 40 / 50, high: 40 / 50 });
    expect(recall.low).toBeLessThan(0.5);
  });

  test('cannot be told where some were not reviewed', () => {
    const nobody = { normal: 0, anomalous: 0 };
    const some = { normal: 5, anomalous: 0 };
    expect(estimateDate([{ ...flagged, ...nobody }, { ...passed, ...some }])).toBeNull(); // prettier-ignore
    expect(estimateDate([{ ...flagged, ...some }, { ...passed, ...nobody }])).toBeNull(); // prettier-ignore
    // No anomaly was flagged, and none missed.
    expect(estimateDate([{ ...passed, ...some }])).toBeNull();
  });
});

/** What a threshold does: a score above it is an anomaly. */
export interface OperatingPoint {
  /** Null for one below every score. */
  threshold: number | null;
  /** Share of the normal recordings that it flags. */
  false_alarms: number;
  /** Share of the anomalous recordings that it flags. */
  recall: number;
}

/**
 * The ROC curve: every operating point at which it turns, from "flags nothing" to "flags everything". Recordings of one score are flagged
 * together, so ties make slanted steps.
 *
 * @returns at least the two ends; empty where a class has no recording
 */
export function operatingPoints(anomalous: readonly number[], normal: readonly number[]): OperatingPoint[] {
  if (anomalous.length === 0 || normal.length === 0) return [];
  const scored = [
    ...anomalous.map((score) => ({ score, found: 1, alarm: 0 })),
    ...normal.map((score) => ({ score, found: 0, alarm: 1 })),
  ].sort((a, b) => b.score - a.score);
  const points: { threshold: number | null; alarms: number; found: number }[] = [
    { threshold: scored[0]!.score, alarms: 0, found: 0 },
  ];
  let [alarms, found] = [0, 0];
  scored.forEach((recording, index) => {
    alarms += recording.alarm;
    found += recording.found;
    const next = scored[index + 1]?.score;
    if (next !== recording.score) points.push({ threshold: next ?? null, alarms, found });
  });
  return points
    .filter((point, index) => turns(points[index - 1], point, points[index + 1]))
    .map(({ threshold, ...counts }) => ({
      threshold,
      false_alarms: counts.alarms / normal.length,
      recall: counts.found / anomalous.length,
    }));
}

interface Counts {
  alarms: number;
  found: number;
}

/** Whether the curve changes direction at a point; its ends count. */
function turns(before: Counts | undefined, at: Counts, after: Counts | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  const [x1, y1] = [at.alarms - before.alarms, at.found - before.found];
  const [x2, y2] = [after.alarms - at.alarms, after.found - at.found];
  return x1 * y2 !== x2 * y1;
}

/** The best that the curve does within a share of false alarms. */
export function recallWithin(
  points: readonly OperatingPoint[],
  falseAlarms: number,
): OperatingPoint | undefined {
  return points.findLast(({ false_alarms }) => false_alarms <= falseAlarms + Number.EPSILON);
}

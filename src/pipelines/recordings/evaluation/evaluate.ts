import type { Reason } from '../contract/result-document.js';
import { areaUnderCurve, type AreaUnderCurve } from './statistics/area-under-curve.js';
import { operatingPoints, recallWithin, type OperatingPoint } from './statistics/operating-points.js';
import { proportion, type Proportion } from './statistics/proportion.js';
import { thresholdForShare, type ThresholdForShare } from './statistics/threshold-for-share.js';

/** A recording that was scored, and of which somebody has said what it is. */
export interface JudgedRecording {
  /** By what it is shown: a path, an address without its query string, or a result's id. */
  name: string;
  anomalous: boolean;
  kind: string | null;
  score: number;
  /** Whether the model took it for an anomaly. */
  flagged: boolean;
  reasons: Reason[];
}

/** How many of a kind were flagged. */
export interface KindFigures extends Proportion {
  kind: string;
}

export interface Mistake {
  recording: string;
  kind: string | null;
  score: number;
  /** The greatest first. */
  reasons: string[];
}

/** What was found; shares are of judged recordings, with 95 % intervals, and null where there was nothing to count. */
export interface Figures {
  normal: number;
  anomalous: number;
  area_under_curve: AreaUnderCurve | null;
  recall: Proportion | null;
  false_alarms: Proportion | null;
  /** Those without a kind are `of no kind`; empty where no recording has one. */
  recall_by_kind: KindFigures[];
  false_alarms_by_kind: KindFigures[];
  wished: WishedThreshold;
  curve: OperatingPoint[];
  mistakes: { false_alarms: Mistake[]; misses: Mistake[] };
}

export interface WishedThreshold extends ThresholdForShare {
  /** What that threshold finds of the anomalous recordings; null without a threshold, or without any. */
  recall: Proportion | null;
}

/** What people call a recording of no kind. */
const NO_KIND = 'of no kind';

/**
 * Figures of a model by judged recordings.
 *
 * @param share of false alarms that is wished for
 * @param worst how many mistakes of each sort to name
 * @param representative those of the recordings whose normal ones are as those to come @default all
 */
export function evaluate(
  recordings: readonly JudgedRecording[],
  share: number,
  worst: number,
  representative = recordings,
): Figures {
  const anomalous = recordings.filter((recording) => recording.anomalous);
  const normal = recordings.filter((recording) => !recording.anomalous);
  const [scoresOfAnomalous, scoresOfNormal] = [anomalous.map(scoreOf), normal.map(scoreOf)];
  const wished = thresholdForShare(
    representative.filter((recording) => !recording.anomalous).map(scoreOf),
    share,
  );
  const { threshold } = wished;
  return {
    normal: normal.length,
    anomalous: anomalous.length,
    area_under_curve: areaUnderCurve(scoresOfAnomalous, scoresOfNormal),
    recall: flaggedOf(anomalous),
    false_alarms: flaggedOf(normal),
    recall_by_kind: byKind(anomalous),
    false_alarms_by_kind: byKind(normal),
    wished: {
      ...wished,
      recall:
        threshold === null
          ? null
          : proportion(scoresOfAnomalous.filter((score) => score > threshold).length, anomalous.length),
    },
    curve: operatingPoints(scoresOfAnomalous, scoresOfNormal),
    mistakes: {
      false_alarms: normal
        .filter(({ flagged }) => flagged)
        .sort((a, b) => b.score - a.score)
        .slice(0, worst)
        .map(mistake),
      misses: anomalous
        .filter(({ flagged }) => !flagged)
        .sort((a, b) => a.score - b.score)
        .slice(0, worst)
        .map(mistake),
    },
  };
}

/** Shares of false alarms at which the curve is read to people. */
export const SHOWN_SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

/** The most that is found within each of these shares of false alarms; empty where there is no curve. */
export function curveAt(
  curve: readonly OperatingPoint[],
  shares: readonly number[] = SHOWN_SHARES,
): { share: number; point: OperatingPoint }[] {
  return shares.flatMap((share) => {
    const point = recallWithin(curve, share);
    return point === undefined ? [] : [{ share, point }];
  });
}

const scoreOf = ({ score }: JudgedRecording): number => score;

function flaggedOf(recordings: readonly JudgedRecording[]): Proportion | null {
  return proportion(recordings.filter(({ flagged }) => flagged).length, recordings.length);
}

/** The kind that goes worst first: the least found of anomalous ones, the most flagged of normal ones. */
function byKind(recordings: readonly JudgedRecording[]): KindFigures[] {
  if (recordings.every(({ kind }) => kind === null)) return [];
  const kinds = new Map<string, JudgedRecording[]>();
  for (const recording of recordings) {
    const kind = recording.kind ?? NO_KIND;
    const of = kinds.get(kind) ?? [];
    of.push(recording);
    kinds.set(kind, of);
  }
  return [...kinds]
    .map(([kind, of]) => ({ kind, worseness: of[0]!.anomalous ? 1 : -1, figures: flaggedOf(of)! }))
    .sort((a, b) => a.worseness * (a.figures.value - b.figures.value) || (a.kind < b.kind ? -1 : 1))
    .map(({ kind, figures }) => ({ kind, ...figures }));
}

const mistake = ({ name, kind, score, reasons }: JudgedRecording): Mistake => ({
  recording: name,
  kind,
  score,
  reasons: reasons.map(({ description }) => description),
});

import type { Document } from 'mongodb';
import { niceSpanMs, niceStep } from './bins.js';
import type { ScoreHistogram, Throughput } from './run-results.js';

/** A bar of a chart has a few pixels; more bins show noise. */
const SCORE_BINS = 40;
const TIME_BINS = 72;

/** How many of a group are anomalies. */
export const ANOMALIES = { $sum: { $cond: ['$inference.is_anomaly', 1, 0] } };

/** Runs stages over a run's results. */
export type Aggregate = <T extends Document>(...stages: Document[]) => Promise<T[]>;

/** How far the anomalous side is shown, against the normal one: farther out it only matters that a score is far out. */
const ANOMALOUS_SIDE = 2;

/**
 * The scores as a histogram. Bins begin at the threshold and go both ways, so that none holds normal and anomalous scores of one model. The last one
 * gathers what is beyond it where few scores, twenty times the threshold, would press all others into one.
 */
export async function readScores(
  aggregate: Aggregate,
  { least, greatest }: { least: number; greatest: number },
  threshold: number,
): Promise<ScoreHistogram> {
  const farthest =
    least < threshold ? Math.min(greatest, threshold + ANOMALOUS_SIDE * (threshold - least)) : greatest;
  const binWidth = niceStep((farthest - least) / SCORE_BINS);
  const indexOf = (score: number): number => Math.ceil((score - threshold) / binWidth) - 1;
  const [first, last] = [indexOf(least), indexOf(farthest)];
  // A score at the threshold is normal: a bin holds its upper edge.
  const index = {
    $subtract: [
      { $ceil: { $divide: [{ $subtract: ['$inference.anomaly_score', threshold] }, binWidth] } },
      1,
    ],
  };
  const groups = await aggregate<{ _id: number; recordings: number; anomalies: number }>({
    $group: {
      _id: { $min: [index, last] },
      recordings: { $sum: 1 },
      anomalies: ANOMALIES,
    },
  });
  const found = new Map(groups.map((group) => [group._id, group]));
  return {
    binWidth,
    lastIsOpen: indexOf(greatest) > last,
    bins: Array.from({ length: last - first + 1 }, (_, offset) => {
      const { recordings = 0, anomalies = 0 } = found.get(first + offset) ?? {};
      const from = Number((threshold + (first + offset) * binWidth).toPrecision(12));
      return { from, normal: recordings - anomalies, anomaly: anomalies };
    }),
  };
}

/** Results by the time they were written, from `since` on and up to `until`; null when that leaves nothing. */
export async function readThroughput(
  aggregate: Aggregate,
  totals: { firstAt: Date; lastAt: Date },
  { since, until }: { since?: Date | undefined; until?: Date | undefined },
): Promise<Throughput | null> {
  const lastAt = until !== undefined && until < totals.lastAt ? until : totals.lastAt;
  const firstAt = since !== undefined && since > totals.firstAt ? since : totals.firstAt;
  if (firstAt > lastAt) return null;
  const binMs = niceSpanMs(lastAt.getTime() - firstAt.getTime(), TIME_BINS);
  const startMs = Math.floor(firstAt.getTime() / binMs) * binMs;
  const groups = await aggregate<{ _id: number; recordings: number }>(
    { $match: { 'processing.processed_at': { $gte: firstAt, $lte: lastAt } } },
    {
      $group: {
        _id: {
          $floor: { $divide: [{ $subtract: ['$processing.processed_at', new Date(startMs)] }, binMs] },
        },
        recordings: { $sum: 1 },
      },
    },
  );
  const found = new Map(groups.map(({ _id, recordings }) => [_id, recordings]));
  const count = Math.floor((lastAt.getTime() - startMs) / binMs) + 1;
  return {
    binMs,
    recordings: groups.reduce((sum, { recordings }) => sum + recordings, 0),
    bins: Array.from({ length: count }, (_, index) => ({
      at: new Date(startMs + index * binMs),
      recordings: found.get(index) ?? 0,
    })),
  };
}

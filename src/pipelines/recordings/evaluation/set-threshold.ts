import { createHash } from 'node:crypto';
import { proportion, type Proportion } from './statistics/proportion.js';
import { thresholdForShare, type ThresholdForShare } from './statistics/threshold-for-share.js';

/** Scores of normal recordings in two parts; numbers alone, since a date has a million. */
export interface DividedScores {
  setting: number[];
  heldOut: number[];
}

/** What one threshold does to recordings that it was not set on. */
export interface JudgedThreshold {
  /** Flagged of the normal recordings. */
  flagged: Proportion | null;
  /** Flagged of the anomalous ones. */
  recall: Proportion | null;
}

export interface SetThreshold {
  set: ThresholdForShare;
  held_out: { before: JudgedThreshold; now: JudgedThreshold };
}

/** A third judges and two thirds set: setting needs the rare high scores, and judging no more than a count. */
const HELD_OUT_SHARE = 1 / 3;

/**
 * Whether a recording judges the threshold rather than sets it, by what makes it the same one in the next file: a group, a path, an address, a
 * result's id. A hash decides, so that the same recordings are held out whatever the order
 * of the rows and whatever is added, and none moves from one part to the other.
 */
export function isHeldOut(identity: string): boolean {
  const hash = createHash('sha256').update(`calibrate:${identity}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < HELD_OUT_SHARE;
}

/** Adds a score to the part that its recording belongs to. */
export function divide({ setting, heldOut }: DividedScores, identity: string, score: number): void {
  (isHeldOut(identity) ? heldOut : setting).push(score);
}

/**
 * Sets the threshold for a share of false alarms on one part of the normal recordings, and judges it, and the one before, on the other. Anomalous
 * recordings set nothing, so all of them judge.
 *
 * @param anomalous their scores
 * @param before the threshold that is replaced
 */
export function setThreshold(
  { setting, heldOut }: DividedScores,
  anomalous: readonly number[],
  share: number,
  before: number,
): SetThreshold {
  const above = (scores: readonly number[], threshold: number): Proportion | null =>
    proportion(scores.filter((score) => score > threshold).length, scores.length);
  const set = thresholdForShare(setting, share);
  const judged = (threshold: number | null): JudgedThreshold =>
    threshold === null
      ? { flagged: null, recall: null }
      : { flagged: above(heldOut, threshold), recall: above(anomalous, threshold) };
  return { set, held_out: { before: judged(before), now: judged(set.threshold) } };
}

/** Words for a recording as it should be, and for one that somebody should have listened to; the first are ours. */
export const NORMAL_WORDS = ['normal', 'good', 'ok'] as const;
export const ANOMALOUS_WORDS = ['anomalous', 'anomaly', 'abnormal', 'bad'] as const;

/** For help and errors. */
export const LABELS_EXPECTED = [NORMAL_WORDS, ANOMALOUS_WORDS]
  .map(([first, ...others]) => `${first} (or ${others.join(', ')})`)
  .join(', or ');

/**
 * Numbers are no labels: an anomaly is 1 to some and -1 to others.
 *
 * @returns whether a label says that a recording is anomalous; undefined for a word that says neither
 */
export function isAnomalous(label: string): boolean | undefined {
  const word = label.toLowerCase();
  if ((NORMAL_WORDS as readonly string[]).includes(word)) return false;
  if ((ANOMALOUS_WORDS as readonly string[]).includes(word)) return true;
  return undefined;
}

import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { storedResult } from '../results/stored-result.js';

export { resultId, TEST_DATE } from '../results/stored-result.js';
export const COLLECTION = 'judged_recordings';

/** A stored result with this score; above the threshold it is an anomaly. */
export function aScoredResult(
  index: number,
  score: number,
  inference: Partial<ResultDocument['inference']> = {},
): ResultDocument {
  return storedResult({
    collection: COLLECTION,
    index,
    score,
    inference: {
      threshold: 1,
      model_version: '0.3.0',
      reasons: [{ feature: 'rms_mean', contribution: 1, deviation: -4, description: 'clearly quieter' }],
      ...inference,
    },
  });
}

import { OUTCOMES, type RecordingOutcomes } from './outcome.js';

/** Deliveries that are over; a failed one is redelivered or ends in the dead-letter queue. */
export function settled(outcomes: RecordingOutcomes): number {
  return OUTCOMES.filter((outcome) => outcome !== 'failed_pre_inference').reduce(
    (sum, outcome) => sum + outcomes[outcome],
    0,
  );
}

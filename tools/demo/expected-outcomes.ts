import type { Outcome } from '#vachan/pipelines/recordings/contract/outcome.js';

/** What can be seeded: one kind of recording, or of faulty data. */
export const SEED_KINDS = {
  /** A reading as it should be. */
  normal: 'scored',
  /** Silence, noise, music and the like: scored like any other. */
  anomalous: 'scored',
  /** A message that SQS holds twice: scored once, recognised once. */
  duplicate_delivery: 'scored_among_several',
  /** The same recording under teacher_record and admin_record. */
  same_recording: 'scored_among_several',
  /** An earlier run has written its result already. */
  scored_before: 'left_as_it_is',
  /** The row went away between discovery and the worker. */
  deleted_after_queuing: 'skipped',
  missing_object: 'dead_lettered',
  corrupt_audio: 'dead_lettered',
  truncated_audio: 'dead_lettered',
  empty_audio: 'dead_lettered',
  other_subject: 'never_queued',
  /** Looks like the subject on screen, but is another text: a blank or an invisible joiner inside. */
  lookalike_subject: 'never_queued',
  other_date: 'never_queued',
  invalid_test_date: 'never_queued',
  empty_url: 'never_queued',
  missing_url: 'never_queued',
  missing_created_at: 'never_queued',
  /** A date typed as text. */
  invalid_created_at: 'never_queued',
  /** A message that is no recording. */
  malformed: 'dropped',
} as const satisfies Record<string, string>;

export type SeedKind = keyof typeof SEED_KINDS;
export type ExpectedOutcome = (typeof SEED_KINDS)[SeedKind];

/** Where a seeded thing must end; the rules are the contract's, sections 1 and 5. */
export interface OutcomeExpected {
  /** `written`: there is one now; `unchanged`: the seeded one, untouched; `none`: there is none. */
  result: 'written' | 'unchanged' | 'none';
  /** Outcomes that its CSV rows may show; no outcome means no row. */
  outcomes: readonly Outcome[];
  /** At least one row must show this. */
  needed: Outcome | undefined;
  /** CSV rows, where each delivery is handled once; `receives` stands for the queue's maxReceiveCount. */
  rows: { min: number; max: number | 'receives' | 'deliveries' };
  deadLetters: 0 | 1;
}

export const EXPECTED_OUTCOMES: Readonly<Record<ExpectedOutcome, OutcomeExpected>> = {
  scored: {
    result: 'written',
    outcomes: ['completed'],
    needed: 'completed',
    rows: { min: 1, max: 1 },
    deadLetters: 0,
  },
  scored_among_several: {
    result: 'written',
    // Two batches at the same moment may both score it; the result is one document all the same.
    outcomes: ['completed', 'skipped_existing'],
    needed: 'completed',
    rows: { min: 1, max: 'deliveries' },
    deadLetters: 0,
  },
  left_as_it_is: {
    result: 'unchanged',
    outcomes: [],
    needed: undefined,
    rows: { min: 0, max: 0 },
    deadLetters: 0,
  },
  skipped: {
    result: 'none',
    outcomes: ['skipped_ineligible'],
    needed: 'skipped_ineligible',
    rows: { min: 1, max: 1 },
    deadLetters: 0,
  },
  dead_lettered: {
    result: 'none',
    outcomes: ['failed_pre_inference'],
    needed: 'failed_pre_inference',
    rows: { min: 1, max: 'receives' },
    deadLetters: 1,
  },
  never_queued: {
    result: 'none',
    outcomes: [],
    needed: undefined,
    rows: { min: 0, max: 0 },
    deadLetters: 0,
  },
  dropped: {
    result: 'none',
    outcomes: [],
    needed: undefined,
    rows: { min: 0, max: 0 },
    deadLetters: 0,
  },
};

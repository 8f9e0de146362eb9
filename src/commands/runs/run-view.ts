import type { Environment } from '../../platform/config/environment.js';
import type { RunSummary } from '../../temporal/runs/runs.js';

/** A name and its value; a value may have several lines. */
export type Row = [name: string, value: string];

/** A run as people see it, made by its pipeline from what the run says of itself. */
export interface RunView {
  /** In the run's own word, such as `running` or `paused`. */
  status: string;
  /** Said behind the status, such as `backfill`. */
  mode?: string;
  startedAt: string;
  /** True for a run that came to its own end, and was not stopped before. */
  completed: boolean;
  /** Units of work that are over. */
  done: number;
  /** What there is to do: found so far, or in a queue when that was last measured; null before the first time. */
  work: { found: number; all: boolean } | { queue: { visible: number; in_flight: number } | null };
  /** Failures that are tried again or given up; not among `done`. */
  failedAttempts: number;
  /** Batches or tasks under way. */
  lanes: number;
  /** Who works on them: a noun such as `inference worker`, and how many are alive where that was measured. */
  workers: { noun: string; alive: number | undefined };
  /** In the order in which they are shown. */
  outcomes: readonly { name: string; count: number; failed: boolean }[];
  /** Failures by cause. */
  causes: Readonly<Record<string, number>> | undefined;
  /** Of `status` and of a run's end, below what every run has. */
  rows: (run: { running: boolean; seconds: number }) => Row[];
  /** Of `watch`, below the lanes. */
  liveRows: () => Row[];
}

/** How the runs of a pipeline are presented. */
export interface RunPresentation {
  /** Types of the workflows whose runs these are. */
  workflowTypes: readonly string[];
  /** What a person may name a run by instead of its workflow id, e.g. `test_date`, and that in words. */
  targets: readonly { name: string; about: string }[];
  /** Ways to name a run, for examples; the commonest first. */
  exampleTargets: readonly string[];
  /**
   * The workflow id that a person means; undefined for what is not of this pipeline.
   *
   * @throws InvalidInput for what almost names a run
   */
  workflowIdOf: (target: string, environment: Environment) => Promise<string | undefined>;
  /** @param summary of a run of one of these types */
  view: (summary: RunSummary) => RunView;
}

/** What every run answers to `status`, and ends with; each pipeline's runs say more. */
export interface RunSummary {
  /** In the run's own word, such as `running` or `paused`. */
  status: string;
  started_at: string;
  updated_at: string;
}

/** How a run introduces itself in Temporal's Web UI and CLI: fixed when it is started. */
export interface RunTitle {
  /** One line. */
  staticSummary: string;
  /** Markdown. */
  staticDetails: string;
}

/** Limits by name; null is none. */
export type RunLimits = Readonly<Record<string, number | null>>;

/** What Temporal says of a run, whatever the run itself says. */
export type RunState = 'running' | 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed_out';

export interface RunDescription {
  workflow_id: string;
  run_id: string;
  workflow_type: string;
  task_queue: string;
  state: RunState;
  started_at: string;
  closed_at: string | null;
}

/**
 * The answer to the query `status`.
 *
 * `no_worker`: nobody who may take it listens on the run's task queue; `builds` are alive there. `not_ready`: the run has
 * no such query, or not yet. `stuck`: a worker has it, and failed at its next step or was too slow for it.
 */
export type StatusAnswer = { kind: 'answered'; summary: RunSummary } | UnansweredStatus;
export type UnansweredStatus =
  { kind: 'no_worker'; builds: readonly Build[] } | { kind: 'not_ready' } | { kind: 'stuck' };

/** A build of a worker deployment. */
export interface Build {
  deploymentName: string;
  buildId: string;
}

/** How a closed run ended; a run that was cut short has no summary. */
export type RunEnd = { state: 'completed'; summary: RunSummary } | { state: RunState; failure: string };

export interface RunToStart {
  workflowType: string;
  workflowId: string;
  taskQueue: string;
  input: unknown;
  title: RunTitle;
}

export interface StartedRun {
  runId: string;
  /** False when a run of this id was under way, which goes on as it was. */
  started: boolean;
}

/** A step that has failed and is tried again. */
export interface RetriedStep {
  /** The activity's name, such as `upsertResults`. */
  step: string;
  /** How many batches are held up by it; 0 for a step of the run itself. */
  batches: number;
  /** The highest among them. */
  attempt: number;
  /** How it failed last. */
  error: string;
}

export type RunSignal = 'pause' | 'resume' | 'drain';

/**
 * The runs in a Temporal namespace.
 *
 * Every method throws `InvalidInput` for a run that does not exist or cannot do what is asked, and
 * `DependencyUnavailable` when Temporal does not answer.
 */
export interface Runs {
  /** Starts a run, unless one of this id is under way. An ended one of this id is no obstacle. */
  start(run: RunToStart): Promise<StartedRun>;
  /** The latest run of the id; a run that continues as new is one run. */
  describe(workflowId: string): Promise<RunDescription>;
  status(workflowId: string): Promise<StatusAnswer>;
  /** What a running run and its batches try again, and why. */
  retriedSteps(workflowId: string): Promise<RetriedStep[]>;
  /** How a run ended; only for runs that have. */
  end(description: RunDescription): Promise<RunEnd>;
  signal(workflowId: string, signal: RunSignal): Promise<void>;
  /** Answers with the limits in force from now on. */
  setLimits(workflowId: string, changes: RunLimits): Promise<RunLimits>;
  close(): Promise<void>;
}

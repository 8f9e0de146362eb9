import type { StateDocument } from '../contract/state-document.js';

/** What a caller passes: `_id` follows from the other fields, the two times are kept by the repository. */
export type StateToSave = Omit<StateDocument, '_id' | 'created_at' | 'updated_at'>;

export interface SaveStateOptions {
  /**
   * The first write of a backfill that starts from the beginning: it may set the watermark back, once for each
   * `last_run.run_id`, so a late retry of that first write cannot undo the run's own progress.
   */
  startsAnew?: boolean;
}

/** `refused_older`: the stored watermark is ahead of the one passed; nothing was changed. */
export type SaveStateOutcome = 'saved' | 'refused_older';

/** The durable mirror of a discovery's progress. Implementations map driver errors to `DependencyUnavailable`. */
export interface StateRepository {
  load(sourceCollection: string, testDate: string): Promise<StateDocument | null>;
  /** One atomic write that never moves the watermark back; an equal watermark is written (status, stats). */
  save(state: StateToSave, options?: SaveStateOptions): Promise<SaveStateOutcome>;
  /** Creates the unique index, if missing. */
  ensureIndexes(): Promise<void>;
}

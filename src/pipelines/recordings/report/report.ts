import type { RunState } from '../../../temporal/runs/runs.js';
import type { RecordingsSummary } from '../contract/run-summary.js';
import type { CalibratedModel, RunResults, ReportedRecording } from './run-results.js';
import type { PictureResult } from './picture/recording-pictures.js';

/** Everything that a page shows. */
export interface Report {
  testDate: string;
  sourceCollection: string;
  generatedAt: Date;
  version: string;
  /** IANA name; times of the page are in it. */
  timeZone: string;
  run: ReportedRun | { missing: string };
  results: RunResults;
  /** The model of MODEL_PATH, where its threshold was calibrated. */
  calibrated: CalibratedModel | undefined;
  recordings: PicturedRecording[];
  /** When the players' links end; null where the page holds none. */
  linksEndAt: Date | null;
}

export interface ReportedRun {
  workflowId: string;
  state: RunState;
  startedAt: Date;
  closedAt: Date | null;
  summary: RecordingsSummary;
}

export interface PicturedRecording extends ReportedRecording {
  /** Undefined where no audio was to be read. */
  drawn: PictureResult | undefined;
  /** A signed address that plays it until `linksEndAt`. */
  link: string | undefined;
}

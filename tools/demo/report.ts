import { OUTCOMES, type RecordingOutcomes } from '#vachan/pipelines/recordings/contract/outcome.js';
import type { ResultDocument } from '#vachan/pipelines/recordings/contract/result-document.js';
import { queueName } from '#vachan/platform/text/queue-name.js';
import type { StackEndpoints } from '../stack/start-stack.js';
import type { GroupMemory } from './group-memory.js';
import type { SeedKind } from './expected-outcomes.js';

/** What `--json` writes; names are the contract's. */
export interface DemoSummary {
  records: number;
  source: 'mongo' | 'postgres';
  seeded: Partial<Record<SeedKind, number>>;
  outcomes: RecordingOutcomes;
  results_in_mongo: number;
  csv_rows: number;
  dead_letters: number;
  /** From the command to the last check. */
  wall_seconds: number;
  /** The discovery workflow alone, from its start to its end. */
  run_seconds: number;
  recordings_per_minute: number;
  /** Highest seen; absent where the system does not tell. */
  peak_rss_mb?: GroupMemory;
  /** Of the discovery workflow's last run: what Temporal keeps. */
  history: { bytes: number; events: number };
  most_anomalous: { recording: string; anomaly_score: number; prediction_label: string; reasons: string[] }[];
  csv_path: string;
  endpoints: Record<string, string>;
  /** What did not end where the contract says; empty when all did. */
  differences: string[];
}

/** Addresses for people and for `--json`. */
export function namedEndpoints(endpoints: StackEndpoints): Record<string, string> {
  const { temporal, aws, mongo, postgres } = endpoints;
  return {
    ...(temporal === undefined ? {} : { temporal: temporal.address }),
    ...(temporal?.uiUrl === undefined ? {} : { temporal_ui: temporal.uiUrl }),
    aws: aws.endpointUrl,
    queue: aws.queueUrl,
    dead_letter_queue: aws.deadLetterQueueUrl,
    bucket: aws.bucket,
    mongo: mongo.uri,
    mongo_database: mongo.database,
    ...(postgres === undefined ? {} : { postgres: postgres.dsn }),
  };
}

/** A result in a few words: the object's name, not its whole address. */
export function describeResult(result: ResultDocument): DemoSummary['most_anomalous'][number] {
  const { inference, source } = result;
  return {
    recording: queueName(source.audio_s3_url.replace(/[?#].*$/, '')),
    anomaly_score: inference.anomaly_score,
    prediction_label: inference.prediction_label,
    reasons: inference.reasons.map(({ description }) => description),
  };
}

const OUTCOME_MEANINGS: Readonly<Record<keyof RecordingOutcomes, string>> = {
  completed: 'scored, result in MongoDB, row in the CSV',
  skipped_existing: 'had a result already (duplicates in this run)',
  skipped_ineligible: 'row had gone from the source meanwhile',
  failed_pre_inference: 'deliveries that could not be read; after three, the dead-letter queue',
  malformed: 'messages that were no recording; logged and deleted',
};

function describeCost({ peak_rss_mb: peak, history }: DemoSummary): string {
  const memory =
    peak === undefined ? '' : `Worker at most ${peak.worker} MB, its audio processes ${peak.pool} MB; `;
  return `${memory}discovery history ${history.events} events, ${Math.ceil(history.bytes / 1024)} KB.`;
}

/** The summary as lines for a terminal. */
export function describeSummary(summary: DemoSummary): string[] {
  const failed = summary.differences.length > 0;
  const most = summary.differences.slice(0, 30);
  return [
    '',
    'Deliveries by outcome',
    ...OUTCOMES.map(
      (outcome) =>
        `  ${outcome.padEnd(21)} ${String(summary.outcomes[outcome]).padStart(5)}  ${OUTCOME_MEANINGS[outcome]}`,
    ),
    '',
    `${summary.recordings_per_minute} recordings a minute; ${summary.run_seconds} s for the run, ${summary.wall_seconds} s in all.`,
    describeCost(summary),
    '',
    'Most anomalous',
    ...summary.most_anomalous.map(
      ({ recording, anomaly_score: score, prediction_label: label, reasons }) =>
        `  ${recording.padEnd(24)} ${score.toFixed(3).padStart(8)} ${label.padEnd(8)} ${reasons.slice(0, 2).join('; ')}`,
    ),
    '',
    `Results in MongoDB  ${summary.results_in_mongo}`,
    `CSV                 ${summary.csv_path} (${summary.csv_rows} rows)`,
    `Dead-letter messages        ${summary.dead_letters}`,
    '',
    ...(failed
      ? [
          `${summary.differences.length} things did not end where the contract says:`,
          ...most.map((line) => `  - ${line}`),
          ...(most.length < summary.differences.length ? ['  - …'] : []),
        ]
      : ['Every seeded row and message ended where the contract says.']),
  ];
}

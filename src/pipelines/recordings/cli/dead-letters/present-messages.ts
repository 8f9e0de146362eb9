import type {
  DeadLetterOptions,
  DeadLetterPresentation,
} from '../../../../commands/dead-letters/dead-letter-view.js';
import { collected } from '../../../../commands/options.js';

/** What recordings add to the options of `dlq`. */
export interface RecordingsDlqOptions extends DeadLetterOptions {
  testDate?: string;
  csv?: string;
  logs?: string[];
}

/** How dead-letter messages of recordings are shown: with the failures that the CSV and the logs tell of. */
export const recordingsDeadLetters: DeadLetterPresentation = {
  noun: 'recording',
  column: 'test_date',
  queueSetting: 'SQS_QUEUE_URL',
  about: `Reasons come from the CSV in CSV_OUTPUT_PATH (or --csv) and from workers' logs (--logs). A cause is the first word of the
CSV's error: AudioNotFound, AudioTruncated, …; "unrecorded" where no failure was written down, "unreadable" for what is no message of Vachan's.`,
  exampleCause: 'AudioNotFound',
  examples: {
    list: ['vachan dlq list', 'vachan dlq list --test-date 2025-12-20 --reason AudioNotFound'],
    redrive: [
      'vachan dlq redrive --reason AudioDownloadTimeout --dry-run',
      'vachan dlq redrive --test-date 2025-12-20',
    ],
    purge: ['vachan dlq purge --reason AudioEmpty'],
    dlq: [
      'vachan dlq list',
      'vachan dlq redrive --test-date 2025-12-20',
      'vachan dlq purge --reason AudioEmpty',
    ],
  },
  sentTwice: 'sent twice they end as skipped_existing',
  afterRedrive: 'Have them scored: vachan ingest --until-empty, or a run of their date.',
  addOptions: (command) =>
    command
      .option('--test-date <date>', 'only recordings of this date')
      .option('--csv <path>', "the workers' CSV: a file, or s3://bucket/prefix (default: CSV_OUTPUT_PATH)")
      .option('--logs <path>', "a worker's log, for reasons; may be given several times", collected),
  open: async (context, options) => {
    const { openMessages } = await import('./open-messages.js');
    return openMessages(context, options);
  },
};

import { Command } from 'commander';
import type { CommandDefinition } from '../../../../commands/command-definition.js';
import type { PushOptions } from '../messages/push-audio-urls.js';
import { examples } from '../../../../commands/options.js';
import { WHOSE_ROWS } from './message-notes.js';

const COLUMNS = `
Columns, in any order; other columns are ignored:
  audio_url or audio_s3_url   s3://bucket/key, or an https address of S3
  test_date                   default: --test-date, else TEST_DATE
  student_id, udise           default: null
  mongo_doc_id                default: source_record_id, else made from the address
  source_record_id, assessment_record_id   default: left out
  record_type                 default: teacher_record
  subject_id                  default: reading
  subject_name                default: SUBJECT_NAME
  source_collection           default: the source of the settings, direct:<source> without an id of a row
  subject_created_at          default: midnight UTC of the test date
  source_updated_at           default: subject_created_at
  trace_id                    default: a new one

Rows that cannot be used are told by line number and left out, as is a row that is the same recording as one
before it; the others are sent. Exit code: 1 if a row could not be used.`;

export const pushAudioUrlsCommand: CommandDefinition = (context, end) =>
  new Command('push-audio-urls')
    .summary('queue recordings listed in a CSV file')
    .description('Sends one message for each row of a CSV file to the queue.')
    .argument('<file.csv>', 'its first line names the columns')
    .option('--test-date <date>', 'for rows that name none (default: TEST_DATE)')
    .option('--queue-url <url>', 'where to (default: SQS_QUEUE_URL)')
    .option('--dry-run', 'print the messages, one JSON line each, and send nothing')
    .option('--json', 'print what was sent and what not as one JSON line')
    .addHelpText('after', COLUMNS)
    .addHelpText('after', WHOSE_ROWS)
    .addHelpText(
      'after',
      examples(
        'vachan push-audio-urls recordings.csv --test-date 2025-12-20 --dry-run | head -1',
        'vachan push-audio-urls recordings.csv --test-date 2025-12-20 && vachan ingest --until-empty',
      ),
    )
    .action(async (path: string, options: PushOptions) => {
      const { pushAudioUrls } = await import('../messages/push-audio-urls.js');
      end(await pushAudioUrls(context, path, options));
    });

import { DISCOVERY_MODES } from '../../../pipelines/recordings/contract/state-document.js';
import { RECORDING_TEXT_LIMITS } from '../../../pipelines/recordings/contract/text-limits.js';
import { choice, integer, text, timeZone } from '../setting.js';

/** What a run does when nobody says otherwise. */
export const RUN_SETTINGS = {
  PIPELINE_NAME: text({ default: 'audio_anomaly', about: 'Written into results and state.' }),
  RESULT_ID_BASIS: choice(['recording', 'row'], {
    default: 'recording',
    about:
      'What makes two rows the same recording: child, subject, date and audio; or the source row itself.',
  }),
  TEST_DATE: text({ about: 'Date that `vachan start` takes when none is given.' }),
  SUBJECT_NAME: text(
    {
      default: 'वाचन',
      about: 'The reading subject; compared after Unicode NFC, trimming and removal of invisible characters.',
    },
    RECORDING_TEXT_LIMITS.subject_name,
  ),
  TEST_DATE_TIME_ZONE: timeZone({
    default: 'UTC',
    about: 'In which time zone a timestamp in the source falls on a test date.',
  }),
  MONGO_TO_SQS_MODE: choice(DISCOVERY_MODES, {
    default: 'backfill',
    about: 'Mode of a run that names none.',
  }),
  DISCOVERY_BATCH_SIZE: integer({ min: 1, max: 5000 }, { default: '100', about: 'Rows a discovery page.' }),
  MAX_RECORDS: integer(
    { min: 1, max: 1_000_000_000 },
    { about: 'Messages a run sends at the most; unset is no bound.' },
  ),
  POLL_INTERVAL_SECONDS: integer(
    { min: 1, max: 86_400 },
    { default: '30', about: 'Sleep of an incremental run when nothing is new.' },
  ),
  WATERMARK_LOOKBACK_SECONDS: integer(
    { min: 0, max: 86_400 },
    {
      default: '300',
      about: 'How far behind the watermark an incremental poll looks for rows that arrived late.',
    },
  ),
} as const;

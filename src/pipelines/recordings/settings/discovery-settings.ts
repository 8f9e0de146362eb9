import { choice, integer, text } from '../../../platform/config/setting.js';
import { DISCOVERY_MODES } from '../contract/state-document.js';

/** What a run does when nobody says otherwise. */
export const DISCOVERY_SETTINGS = {
  TEST_DATE: text({ about: 'Date that `vachan start` takes when none is given.' }),
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

import { integer, text } from '../../../platform/config/setting.js';
import { token } from '../../../platform/config/secret-setting.js';

/** How the end of an interview is noticed and told. */
export const INTERVIEW_EVENT_SETTINGS = {
  INTERVIEW_ID_KEY: token({
    required: true,
    about:
      'Key of the digests that stand for interview ids in workflow ids and tombstones; the same in every process, and for as long as there are tombstones.',
  }),
  INTERVIEW_EVENTS_COLLECTION: text(
    {
      default: 'interview_events',
      about: 'Collection of the events that are sent, with what became of each.',
    },
    120,
  ),
  INTERVIEW_SETTLE_SECONDS: integer(
    { min: 0, max: 86_400 },
    {
      default: '30',
      about:
        'How long all jobs of an interview must have ended before it is told, where no job says expected_jobs: an upload of two media adds its jobs seconds apart.',
    },
  ),
} as const;

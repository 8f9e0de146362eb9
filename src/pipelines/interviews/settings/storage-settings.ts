import { text } from '../../../platform/config/setting.js';

/** Collections of the interviews' database. */
export const INTERVIEW_STORAGE_SETTINGS = {
  INTERVIEW_QUEUE_COLLECTION: text({
    default: 'interview_queue',
    about: 'Collection of the jobs; the upstream application may insert into it.',
  }),
  INTERVIEW_RESULT_COLLECTION: text({
    default: 'interview_results',
    about: 'Collection of the results, one current one a medium.',
  }),
  INTERVIEW_PARTS_COLLECTION: text({
    default: 'interview_parts',
    about: 'Collection of what chunks and passes found, until it is put together; gone after 7 days.',
  }),
} as const;

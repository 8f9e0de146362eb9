import { s3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import { integer, text } from '../../../platform/config/setting.js';

/** How long results are kept, and what of them lies outside of their collection. */
export const INTERVIEW_RESULT_SETTINGS = {
  INTERVIEW_RESULT_RETENTION_DAYS: integer(
    { min: 1, max: 3650 },
    {
      about:
        'Days after which a result, with its transcript, is removed. Unset: results are kept until their interview is erased.',
    },
  ),
  INTERVIEW_SERIES_PREFIX: s3Prefix({
    about:
      'Where values by the second go that are too large for a document (4 MB, about 15 hours), as s3://bucket/prefix. Unset: such a result is kept without them.',
  }),
  INTERVIEW_ERASED_COLLECTION: text({
    default: 'interview_erased',
    about:
      'Collection of tombstones: digests of the interviews that were erased, which are refused from then on.',
  }),
} as const;

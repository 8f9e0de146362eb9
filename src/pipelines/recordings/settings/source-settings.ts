import { certificates, databaseUri } from '../../../platform/config/secret-setting.js';
import { choice, flag, pairs, text, timeZone } from '../../../platform/config/setting.js';
import { RECORDING_TEXT_LIMITS } from '../contract/text-limits.js';

/** Where recordings are listed, and which of the rows are meant. */
export const SOURCE_SETTINGS = {
  DISCOVERY_SOURCE_TYPE: choice(['mongo', 'postgres'], {
    default: 'mongo',
    about: 'Where recordings are listed.',
  }),
  MONGO_SOURCE_COLLECTION: text({ default: 'student_assessment_record', about: 'Source documents.' }),
  POSTGRES_DSN: databaseUri(
    {
      about: 'Postgres source; required when DISCOVERY_SOURCE_TYPE is postgres.',
      neededWhen: { DISCOVERY_SOURCE_TYPE: 'postgres' },
    },
    ['postgres', 'postgresql'],
  ),
  POSTGRES_TLS: flag({
    default: 'false',
    about: 'Demand TLS with a certificate that verifies; a server or a POSTGRES_DSN without it is refused.',
  }),
  POSTGRES_TLS_CA: certificates({
    about: "Authorities to trust for Postgres instead of the system's; usually POSTGRES_TLS_CA_FILE.",
  }),
  POSTGRES_SCHEMA: text({ default: 'public', about: 'Schema of the source table.' }),
  POSTGRES_TABLE: text({ default: 'student_assessment_record', about: 'Source table.' }),
  POSTGRES_COLUMNS: pairs({
    default: '',
    about: 'Columns under other names than the contract, e.g. student_id=pupil_id,udise=school_code.',
  }),
  ENSURE_SOURCE_INDEXES: flag({
    default: 'false',
    about: "Create the source's indexes at start. Off, since the source is somebody else's.",
  }),
  ENABLE_SOURCE_BACKLINK_UPDATE: flag({
    default: 'false',
    about: 'Write anomaly_result_id and anomaly_processed_at into the source subject.',
  }),
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
} as const;

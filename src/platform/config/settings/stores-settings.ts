import { certificates, databaseUri } from '../secret-setting.js';
import { choice, flag, pairs, text } from '../setting.js';

/** MongoDB with results and state, and the source. */
export const STORE_SETTINGS = {
  MONGO_URI: databaseUri(
    { required: true, about: 'MongoDB with results, state and, by default, the source.' },
    ['mongodb', 'mongodb+srv'],
  ),
  MONGO_TLS: flag({
    default: 'false',
    about: 'Demand TLS with a certificate that verifies; a server or a MONGO_URI without it is refused.',
  }),
  MONGO_TLS_CA: certificates({
    about: "Authorities to trust for MongoDB instead of the system's; usually MONGO_TLS_CA_FILE.",
  }),
  MONGO_DB_NAME: text({ default: 'vachan', about: 'Database of all collections named here.' }),
  MONGO_SOURCE_COLLECTION: text({ default: 'student_assessment_record', about: 'Source documents.' }),
  MONGO_STATE_COLLECTION: text({
    default: 'anomaly_pipeline_state',
    about: "Mirror of each discovery's progress.",
  }),
  MONGO_RESULT_COLLECTION: text({ default: 'anomaly_detection_results', about: 'Result documents.' }),
  ENSURE_SOURCE_INDEXES: flag({
    default: 'false',
    about: "Create the source's indexes at start. Off, since the source is somebody else's.",
  }),
  ENABLE_SOURCE_BACKLINK_UPDATE: flag({
    default: 'false',
    about: 'Write anomaly_result_id and anomaly_processed_at into the source subject.',
  }),

  DISCOVERY_SOURCE_TYPE: choice(['mongo', 'postgres'], {
    default: 'mongo',
    about: 'Where recordings are listed.',
  }),
  POSTGRES_DSN: databaseUri({ about: 'Postgres source; required when DISCOVERY_SOURCE_TYPE is postgres.' }, [
    'postgres',
    'postgresql',
  ]),
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
} as const;

import { certificates, databaseUri } from '../secret-setting.js';
import { flag, text } from '../setting.js';

/** The MongoDB of a pipeline; each that keeps something there takes these into its own table. */
export const MONGO_SETTINGS = {
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
} as const;

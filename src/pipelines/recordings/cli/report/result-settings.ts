import type { Environment } from '../../../../platform/config/environment.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import type { ResultsAccess } from '../../report/mongo-run-reader.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

/** Settings that say where a date's results are. */
const WHERE_RESULTS_ARE = pick(
  RECORDINGS_SETTINGS,
  'MONGO_URI',
  'MONGO_TLS',
  'MONGO_TLS_CA',
  'MONGO_DB_NAME',
  'MONGO_RESULT_COLLECTION',
);

/** @throws InvalidInput, naming each setting that is missing or wrong */
export const readResultSettings = (environment: Environment): ResultsAccess =>
  loadSettings(environment, WHERE_RESULTS_ARE);

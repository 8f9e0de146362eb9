import { ok, type Check } from '../../../commands/finding.js';
import { count } from '../../../commands/words.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { MONGO_SETTINGS } from '../../../platform/config/settings/mongo-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { createMongoClient } from '../../../platform/mongo-client.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';

const NAME = 'Interviews in MongoDB';
/** A database that is there is found within a second, elections included. */
const SERVER_SELECTION_MS = 5_000;

/** The database of jobs and results. Nothing is written. */
export function databaseCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: 'Check MONGO_URI (host, user, password, TLS), and that the database lets this machine in.',
    run: async () => {
      const settings = loadSettings(
        environment,
        MONGO_SETTINGS,
        pick(INTERVIEWS_SETTINGS, 'INTERVIEW_QUEUE_COLLECTION'),
      );
      const client = createMongoClient(settings, {
        appName: 'vachan-doctor',
        serverSelectionTimeoutMS: SERVER_SELECTION_MS,
      });
      try {
        const queue = client.db(settings.MONGO_DB_NAME).collection(settings.INTERVIEW_QUEUE_COLLECTION);
        const jobs = await onMongo('count the jobs', () => queue.estimatedDocumentCount());
        return [ok(NAME, `${settings.INTERVIEW_QUEUE_COLLECTION} can be read, about ${count(jobs, 'job')}`)];
      } finally {
        await client.close();
      }
    },
  };
}

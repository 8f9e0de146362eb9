import type { Collection, MongoClient } from 'mongodb';
import { loadSettings } from '../../../platform/config/load-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { createMongoClient } from '../../../platform/mongo-client.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { RESULT_INDEXES } from '../results/mongo-result-repository.js';
import {
  FEATURE_LOG_EXPIRY_KEY,
  FEATURE_LOG_INDEX_KEY,
  featureLogCollectionName,
} from '../results/mongo-feature-log.js';
import { SENT_LOG_INDEX_KEY, sentLogCollectionName } from '../results/mongo-sent-log.js';
import { STATE_INDEX_KEY } from '../results/mongo-state-repository.js';
import { ok, warning, type Check, type Finding } from '../../../commands/finding.js';
import { pick, type SettingsOf } from '../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';

/** A database that is there is found within a second, elections included. */
const SERVER_SELECTION_MS = 5_000;

/** The settings that a connection takes. */
export const MONGO_CONNECTION = pick(RECORDINGS_SETTINGS, 'MONGO_URI', 'MONGO_TLS', 'MONGO_TLS_CA');
type MongoSettings = SettingsOf<typeof MONGO_CONNECTION>;

/** A client for one look. */
export function doctorMongo(settings: MongoSettings): MongoClient {
  return createMongoClient(settings, {
    appName: 'vachan-doctor',
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  });
}

export const MONGO_REMEDY =
  'Check MONGO_URI (host, user, password, TLS), and that the database lets this machine in.';

/** The database of results and state, and its indexes. Nothing is written. */
export function mongoCheck(environment: Environment): Check {
  return {
    name: 'MongoDB',
    todo: MONGO_REMEDY,
    run: async () => {
      const settings = loadSettings(
        environment,
        MONGO_CONNECTION,
        pick(
          RECORDINGS_SETTINGS,
          'MONGO_DB_NAME',
          'MONGO_RESULT_COLLECTION',
          'MONGO_STATE_COLLECTION',
          'FEATURE_RETENTION_DAYS',
        ),
      );
      const client = doctorMongo(settings);
      try {
        const db = client.db(settings.MONGO_DB_NAME);
        await onMongo('answer a ping', () => db.command({ ping: 1 }));
        const state = settings.MONGO_STATE_COLLECTION;
        const missing = [
          ...(await missingIndexes(
            db.collection(settings.MONGO_RESULT_COLLECTION),
            RESULT_INDEXES.map(({ key }) => key),
          )),
          ...(settings.FEATURE_RETENTION_DAYS === 0
            ? []
            : await missingIndexes(
                db.collection(featureLogCollectionName(settings.MONGO_RESULT_COLLECTION)),
                [FEATURE_LOG_INDEX_KEY, FEATURE_LOG_EXPIRY_KEY],
              )),
          ...(await missingIndexes(db.collection(state), [STATE_INDEX_KEY])),
          ...(await missingIndexes(db.collection(sentLogCollectionName(state)), [SENT_LOG_INDEX_KEY])),
        ];
        return [ok('MongoDB', `answers, database ${settings.MONGO_DB_NAME}`), indexFinding(missing)];
      } finally {
        await client.close();
      }
    },
  };
}

function indexFinding(missing: readonly string[]): Finding {
  return missing.length === 0
    ? ok('MongoDB indexes', 'of results, features and state are there')
    : warning('MongoDB indexes', `missing: ${missing.join('; ')}`, 'A worker creates them when it starts.');
}

/** Of the keys, those that the collection has no index on, as `collection (field, field)`. */
export async function missingIndexes(collection: Collection, keys: readonly unknown[]): Promise<string[]> {
  const name = collection.collectionName;
  const present = await onMongo(`list the indexes of ${name}`, async () => {
    // A collection that nobody has written to yet has none, and is refused by some servers.
    const there = await collection.db.listCollections({ name }, { nameOnly: true }).hasNext();
    return there ? await collection.indexes() : [];
  });
  const known = new Set(present.map(({ key }) => JSON.stringify(key)));
  return keys
    .filter((key) => !known.has(JSON.stringify(key)))
    .map((key) => `${name} (${Object.keys(key as object).join(', ')})`);
}

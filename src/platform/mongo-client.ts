import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import type { MONGO_SETTINGS } from './config/settings/mongo-settings.js';
import type { SettingsOf } from './config/settings-table.js';
import { fromSetting } from './mongo-errors.js';
import { mongoTls } from './tls.js';

/** How long the driver looks for a server before an operation fails: one that is there is found within a second, elections included. */
const SERVER_SELECTION_MS = 10_000;

type MongoSettings = SettingsOf<typeof MONGO_SETTINGS>;

/**
 * The one place where clients of MongoDB are made, so that none forgets the TLS that is demanded. It connects with its
 * first operation, or by `reachMongo`; `close()` belongs to the caller.
 *
 * @throws ConfigurationError naming the setting that cannot be used
 */
export function createMongoClient(
  settings: Pick<MongoSettings, 'MONGO_URI' | 'MONGO_TLS' | 'MONGO_TLS_CA'>,
  options: MongoClientOptions = {},
): MongoClient {
  const { MONGO_URI: uri, MONGO_TLS: required, MONGO_TLS_CA: ca } = settings;
  const tls = mongoTls(uri, { required, ca });
  return fromSetting(
    'MONGO_URI',
    () =>
      new MongoClient(uri, {
        ...tls,
        appName: 'vachan',
        serverSelectionTimeoutMS: SERVER_SELECTION_MS,
        ...options,
      }),
  );
}

/** @throws ConfigurationError when the name is none that MongoDB takes */
export function mongoDatabase(client: MongoClient, { MONGO_DB_NAME: name }: { MONGO_DB_NAME: string }): Db {
  return fromSetting('MONGO_DB_NAME', () => client.db(name));
}

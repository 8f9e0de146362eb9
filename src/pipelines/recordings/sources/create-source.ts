import type { Db } from 'mongodb';
import type { TlsDemand } from '../../../platform/tls.js';
import { createMongoSource } from './mongo-source.js';
import { createPostgresPool } from './postgres-pool.js';
import { createPostgresSource } from './postgres-source.js';
import type { PostgresTableOptions } from './postgres-table.js';
import type { SourceRepository } from './source-repository.js';

/** Which source to read, as `DISCOVERY_SOURCE_TYPE` and its companions say. */
export type SourceSettings =
  | { type: 'mongo'; collection: string; timeZone?: string }
  | ({ type: 'postgres'; dsn: string; tls?: TlsDemand } & PostgresTableOptions);

/**
 * The source that the settings name.
 *
 * @param mongoDb asked for only when the source is MongoDB; its client stays the caller's to close
 */
export function createSource(settings: SourceSettings, mongoDb: () => Db): SourceRepository {
  if (settings.type === 'mongo') {
    const { collection, timeZone } = settings;
    return createMongoSource({ collection: mongoDb().collection(collection), timeZone });
  }
  const { dsn, tls = { required: false, ca: undefined }, ...table } = settings;
  return createPostgresSource({ pool: createPostgresPool(dsn, tls), ...table });
}

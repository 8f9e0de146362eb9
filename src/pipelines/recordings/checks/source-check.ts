import type { Collection } from 'mongodb';
import { escapeIdentifier, type Pool } from 'pg';
import { loadSettings } from '../../../platform/config/load-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { createMongoSource, SOURCE_INDEXED_FIELDS } from '../sources/mongo-source.js';
import { withoutPageIndex } from '../sources/postgres-index.js';
import { createPostgresPool, onPostgres } from '../sources/postgres-pool.js';
import { createPostgresSource } from '../sources/postgres-source.js';
import type { SourceRepository, SourceRowKey } from '../sources/source-repository.js';
import { doctorMongo, missingIndexes, MONGO_CONNECTION, MONGO_REMEDY } from './mongo-check.js';
import { ok, warning, type Check, type Finding } from '../../../commands/finding.js';
import { count } from '../../../commands/words.js';
import { pick } from '../../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';

const NAME = 'Source';
const INDEX_NAME = 'Source indexes';
const INDEX_REMEDY =
  'Paging reads the whole table or date without them. Let a worker create them with ENSURE_SOURCE_INDEXES=true, or ask whoever keeps the source.';

/** Where recordings are listed: that it answers, has the fields and may be read, and its indexes. */
export function sourceCheck(environment: Environment): Check {
  const { DISCOVERY_SOURCE_TYPE: type } = loadSettingsOr(environment);
  return {
    name: NAME,
    todo: type === 'postgres' ? 'Check POSTGRES_DSN, and that its user may read the table.' : MONGO_REMEDY,
    run: () => (type === 'postgres' ? postgresFindings(environment) : mongoFindings(environment)),
  };
}

function loadSettingsOr(environment: Environment): { DISCOVERY_SOURCE_TYPE: 'mongo' | 'postgres' } {
  try {
    return loadSettings(environment, pick(RECORDINGS_SETTINGS, 'DISCOVERY_SOURCE_TYPE'));
  } catch {
    // The check of the configuration says so.
    return { DISCOVERY_SOURCE_TYPE: 'mongo' };
  }
}

/** A row that no source has: looking for it needs every field and the right to read, and finds nothing. */
const NO_ROW: SourceRowKey = {
  mongo_doc_id: '0',
  test_date: '1970-01-01',
  record_type: 'teacher_record',
  subject_id: '0',
  subject_name: '-',
};

async function tryReading(source: SourceRepository): Promise<void> {
  await source.ping();
  await source.stillEligible([NO_ROW]);
}

const MONGO_SETTINGS = {
  ...MONGO_CONNECTION,
  ...pick(RECORDINGS_SETTINGS, 'MONGO_DB_NAME', 'MONGO_SOURCE_COLLECTION', 'TEST_DATE_TIME_ZONE'),
};
const POSTGRES_SETTINGS = pick(
  RECORDINGS_SETTINGS,
  'DISCOVERY_SOURCE_TYPE',
  'POSTGRES_DSN',
  'POSTGRES_TLS',
  'POSTGRES_TLS_CA',
  'POSTGRES_SCHEMA',
  'POSTGRES_TABLE',
  'POSTGRES_COLUMNS',
  'TEST_DATE_TIME_ZONE',
);

/** Asks the source that the settings name, and closes it. */
export async function withSource<T>(
  environment: Environment,
  ask: (source: SourceRepository) => Promise<T>,
): Promise<T> {
  return loadSettingsOr(environment).DISCOVERY_SOURCE_TYPE === 'postgres'
    ? withPostgres(environment, ({ source }) => ask(source))
    : withMongo(environment, ({ source }) => ask(source));
}

async function withMongo<T>(
  environment: Environment,
  ask: (of: { source: SourceRepository; collection: Collection; database: string }) => Promise<T>,
): Promise<T> {
  const settings = loadSettings(environment, MONGO_SETTINGS);
  const { MONGO_DB_NAME: database, TEST_DATE_TIME_ZONE: timeZone } = settings;
  const client = doctorMongo(settings);
  try {
    const collection = client.db(database).collection(settings.MONGO_SOURCE_COLLECTION);
    return await ask({ source: createMongoSource({ collection, timeZone }), collection, database });
  } finally {
    await client.close();
  }
}

async function withPostgres<T>(
  environment: Environment,
  ask: (of: { source: SourceRepository; pool: Pool; schema: string; table: string }) => Promise<T>,
): Promise<T> {
  const settings = loadSettings(environment, POSTGRES_SETTINGS);
  const { POSTGRES_SCHEMA: schema, POSTGRES_TABLE: table, POSTGRES_COLUMNS: columns } = settings;
  const pool = createPostgresPool(settings.POSTGRES_DSN ?? '', {
    required: settings.POSTGRES_TLS,
    ca: settings.POSTGRES_TLS_CA,
  });
  const timeZone = settings.TEST_DATE_TIME_ZONE;
  const source = createPostgresSource({ pool, schema, table, columns, timeZone });
  try {
    return await ask({ source, pool, schema, table });
  } finally {
    await source.close();
  }
}

function mongoFindings(environment: Environment): Promise<Finding[]> {
  return withMongo(environment, async ({ source, collection, database }) => {
    await tryReading(source);
    const documents = await collection.estimatedDocumentCount();
    const where = `collection ${collection.collectionName} of ${database}`;
    if (documents === 0) {
      return [
        warning(
          NAME,
          `${where} is empty`,
          'Check MONGO_DB_NAME and MONGO_SOURCE_COLLECTION, or wait for data.',
        ),
      ];
    }
    const missing = await missingIndexes(
      collection,
      SOURCE_INDEXED_FIELDS.map((field) => ({ [field]: 1 })),
    );
    return [
      ok(NAME, `${where}, about ${count(documents, 'document')}`),
      missing.length === 0
        ? ok(INDEX_NAME, 'are there')
        : warning(INDEX_NAME, `missing: ${missing.join('; ')}`, INDEX_REMEDY),
    ];
  });
}

function postgresFindings(environment: Environment): Promise<Finding[]> {
  return withPostgres(environment, async ({ source, pool, schema, table }) => {
    await tryReading(source);
    const { tables, whyNot } = await onPostgres('list the indexes', () =>
      withoutPageIndex(pool, `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`),
    );
    const missing = tables.length > 0 ? `${tables.join(', ')} has no page index` : whyNot;
    return [
      ok(NAME, `table ${schema}.${table}`),
      missing === undefined
        ? ok(INDEX_NAME, 'the page index is there')
        : warning(INDEX_NAME, missing, INDEX_REMEDY),
    ];
  });
}

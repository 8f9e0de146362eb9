import type { Pool } from 'pg';
import { ensurePageIndex } from './postgres-index.js';
import { countPostgresRows } from './postgres-passed-over.js';
import { readPostgresPage } from './postgres-page-reader.js';
import { onPostgres } from './postgres-pool.js';
import { arePostgresRowsEligible, writePostgresBacklinks } from './postgres-rows-by-key.js';
import { describePostgresTable, type PostgresTable, type PostgresTableOptions } from './postgres-table.js';
import type { SourceRepository } from './source-repository.js';

export interface PostgresSourceDependencies extends PostgresTableOptions {
  /** Ended by `close`. */
  pool: Pool;
}

/**
 * One row a subject, in a Postgres table (version 13 or later, encoding UTF-8).
 *
 * `sourceCollection` is the table's name alone, without its schema, so that a school's move from a MongoDB collection
 * of that name keeps its identities.
 */
export function createPostgresSource({ pool, ...options }: PostgresSourceDependencies): SourceRepository {
  let description: Promise<PostgresTable> | undefined;
  const table = (): Promise<PostgresTable> => {
    // Asked for once; a failure is not kept, so the next call asks again.
    description ??= describePostgresTable(pool, options).catch((error: unknown) => {
      description = undefined;
      throw error;
    });
    return description;
  };
  return {
    sourceCollection: options.table,
    readPage: async (query) => readPostgresPage(pool, await table(), options.table, query),
    countRows: async (query) => countPostgresRows(pool, await table(), query),
    stillEligible: async (keys, signal) => {
      if (keys.length === 0) return [];
      signal?.throwIfAborted();
      return arePostgresRowsEligible(pool, await table(), keys);
    },
    writeBacklinks: async (backlinks) => writePostgresBacklinks(pool, await table(), backlinks),
    ensureIndexes: async () => ensurePageIndex(pool, await table()),
    ping: () =>
      onPostgres('answer a ping', async () => {
        await pool.query('SELECT 1');
      }),
    close: () => pool.end(),
  };
}

import { createHash } from 'node:crypto';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { onPostgres } from './postgres-pool.js';
import { orderColumns, type PostgresTable } from './postgres-table.js';

/** An index over a year's table takes minutes; a build that takes hours deserves a person. */
const BUILD_TIMEOUT_MS = 6 * 3_600_000;

/**
 * Creates the index that pages are read from, if missing: `(test_date, NFC of the name, time cut to milliseconds, record
 * id, subject id, record type)`, the ids as text in byte order. It is built without locking out the source's writers;
 * while another process builds it, this returns at once.
 */
export async function ensurePageIndex(pool: Pool, table: PostgresTable): Promise<void> {
  const definition = `ON ${table.name} (${table.column.test_date}, ${table.normalizedName}, ${indexedOrder(table)})`;
  // Named by what it is, so that another choice of columns gets another index.
  const digest = createHash('sha256').update(definition).digest();
  const name = `vachan_page_${digest.toString('hex').slice(0, 16)}`;
  await onPostgres(`create the page index of ${table.name}`, async () => {
    const client = await pool.connect();
    try {
      await build(client, table, name, definition, digest.readInt32BE());
    } finally {
      // Takes the session's settings and lock with it.
      client.release(true);
    }
  });
}

// The text of an enum may change, so an index cannot hold it; the other three keys leave few rows to sort.
function indexedOrder(table: PostgresTable): string {
  const { order, type } = table;
  return /^(text|character|uuid|bigint|integer|smallint)/.test(type.record_type)
    ? orderColumns(table)
    : [order.time, order.recordId, order.subjectId].join(', ');
}

async function build(
  client: PoolClient,
  table: PostgresTable,
  name: string,
  definition: string,
  lockKey: number,
): Promise<void> {
  // Waiting for the lock would hold a snapshot that the other's build waits for in turn.
  const lock = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [lockKey]);
  if (lock.rows[0]?.mine !== true) return;
  await client.query(`SET statement_timeout = ${BUILD_TIMEOUT_MS}`);
  const existing = await client.query<{ valid: boolean; dropped: string }>(
    `SELECT indisvalid AS valid, indexrelid::regclass::text AS dropped FROM pg_index
     JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = to_regclass($1) AND relname = $2`,
    [table.name, name],
  );
  const [index] = existing.rows;
  if (index?.valid === true) return;
  // A build that was cut off leaves an index that nothing reads and every write pays for.
  if (index !== undefined) await client.query(`DROP INDEX ${index.dropped}`);
  const statement = { text: `CREATE INDEX CONCURRENTLY ${escapeIdentifier(name)} ${definition}` };
  await client.query(Object.assign(statement, { query_timeout: BUILD_TIMEOUT_MS }));
}

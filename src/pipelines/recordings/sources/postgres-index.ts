import { createHash } from 'node:crypto';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { onPostgres } from './postgres-pool.js';
import { orderColumns, type PostgresTable } from './postgres-table.js';

/** An index over a year's table takes minutes; a build that takes hours deserves a person. */
const BUILD_TIMEOUT_MS = 6 * 3_600_000;

/**
 * Creates the index that pages are read from, if missing: `(test date, name as it is compared, time cut to milliseconds, record
 * id, subject id, record type)`, the ids as text in byte order. It is built without locking out the source's writers;
 * while another process builds it, this returns at once. The partitions of a partitioned table get one each, since Postgres builds none
 * concurrently over all of them; new ones get theirs when a worker starts next.
 *
 * @returns why there can be none, in a sentence
 */
export async function ensurePageIndex(pool: Pool, table: PostgresTable): Promise<string | undefined> {
  const columns = `(${table.testDate}, ${table.comparableName}, ${indexedOrder(table)})`;
  return onPostgres(`create the page index of ${table.name}`, async () => {
    const client = await pool.connect();
    try {
      const { indexable, whyNot } = await relationsOf(client, table.name);
      for (const relation of indexable) await build(client, relation, columns);
      return whyNot;
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (typeof code !== 'string' || !FINAL.test(code)) throw error;
      return `Postgres refuses an index on ${table.name} (${code}): have its owner run CREATE INDEX CONCURRENTLY ON ${table.name} ${columns}`;
    } finally {
      // Takes the session's settings and lock with it.
      client.release(true);
    }
  });
}

/** The tables behind a source that pages are read from without an index of Vachan's, and why some can have none. */
export async function withoutPageIndex(
  client: Pick<PoolClient, 'query'>,
  name: string,
): Promise<{ tables: string[]; whyNot: string | undefined }> {
  const { indexable, whyNot } = await relationsOf(client, name);
  const { rows } = await client.query<{ name: string }>(
    String.raw`SELECT indrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indisvalid AND relname LIKE 'vachan\_page\_%'`,
  );
  const indexed = new Set(rows.map((row) => row.name));
  return { tables: indexable.filter((table) => !indexed.has(table)), whyNot };
}

/** No owner's right, a read-only replica, what this kind of table cannot do, values that are too long: the next try would end alike. */
const FINAL = /^(42|0A|25006|54)/;

/** What Postgres calls the kinds of a relation that is no table of its own. */
const NO_INDEX: Readonly<Record<string, string>> = { v: 'a view', f: 'a foreign table' };

/** The tables that hold a relation's rows, and what of it cannot be indexed. */
async function relationsOf(
  client: Pick<PoolClient, 'query'>,
  name: string,
): Promise<{ indexable: string[]; whyNot: string | undefined }> {
  const { rows } = await client.query<{ name: string; kind: string }>(
    `SELECT relid::regclass::text AS name, relkind AS kind FROM (
       SELECT relid FROM pg_partition_tree(to_regclass($1)) WHERE isleaf
       UNION SELECT to_regclass($1)::oid
     ) AS relations JOIN pg_class ON pg_class.oid = relid WHERE relkind <> 'p'`,
    [name],
  );
  const other = rows.filter(({ kind }) => Object.hasOwn(NO_INDEX, kind));
  const [first] = other;
  return {
    indexable: rows.filter((row) => !other.includes(row)).map((row) => row.name),
    whyNot:
      first &&
      `${first.name} is ${NO_INDEX[first.kind]}, which Postgres does not index: index the tables behind it by what pages are read by`,
  };
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
  /** Quoted where it must be. */
  relation: string,
  columns: string,
): Promise<void> {
  const definition = `ON ${relation} ${columns}`;
  // Named by what it is, so that another choice of columns gets another index.
  const digest = createHash('sha256').update(definition).digest();
  const name = `vachan_page_${digest.toString('hex').slice(0, 16)}`;
  const lockKey = digest.readInt32BE();
  // Waiting for the lock would hold a snapshot that the other's build waits for in turn.
  const lock = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [lockKey]);
  if (lock.rows[0]?.mine !== true) return;
  await client.query(`SET statement_timeout = ${BUILD_TIMEOUT_MS}`);
  const existing = await client.query<{ valid: boolean; dropped: string }>(
    `SELECT indisvalid AS valid, indexrelid::regclass::text AS dropped FROM pg_index
     JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = to_regclass($1) AND relname = $2`,
    [relation, name],
  );
  const [index] = existing.rows;
  if (index?.valid === true) return;
  // A build that was cut off leaves an index that nothing reads and every write pays for.
  if (index !== undefined) await client.query(`DROP INDEX ${index.dropped}`);
  const statement = { text: `CREATE INDEX CONCURRENTLY ${escapeIdentifier(name)} ${definition}` };
  await client.query(Object.assign(statement, { query_timeout: BUILD_TIMEOUT_MS }));
}

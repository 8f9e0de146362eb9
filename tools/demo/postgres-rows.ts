import { Client } from 'pg';
import {
  POSTGRES_COLUMNS,
  type PostgresColumn,
} from '#vachan/pipelines/recordings/sources/postgres-table.js';
import type { PostgresEndpoints } from '../stack/postgres.js';
import { createSourceTable } from '../stack/postgres.js';
import type { SeedPlan, PlannedRow } from './seed-plan.js';

/** Writes the planned rows into the source table, and makes the table if it is missing. */
export async function insertIntoPostgres(target: PostgresEndpoints, plan: SeedPlan): Promise<void> {
  await createSourceTable(target.dsn, target.schema, target.table);
  const columns = POSTGRES_COLUMNS.join(', ');
  // One statement whatever the number of rows: a list a column, zipped by the server.
  const lists = POSTGRES_COLUMNS.map((_name, index) => `$${index + 1}::text[]`).join(', ');
  const values = POSTGRES_COLUMNS.map((name) => {
    if (name === 'test_date') return 'test_date::date';
    return name === 'subject_created_at' ? 'subject_created_at::timestamptz' : name;
  });
  await withClient(target, (client) =>
    client.query(
      `INSERT INTO ${nameOf(target)} (${columns}) SELECT ${values.join(', ')} FROM unnest(${lists}) AS seeded(${columns})`,
      POSTGRES_COLUMNS.map((name) => plan.rows.map((row) => cell(row, name))),
    ),
  );
}

function cell(row: PlannedRow, column: PostgresColumn): string | null {
  const value = column === 'assessment_record_id' ? row.mongo_doc_id : row[column];
  if (value === undefined || value === null) return null;
  return value instanceof Date ? value.toISOString() : value;
}

/** Takes rows out of the source. */
export async function deleteFromPostgres(
  target: PostgresEndpoints,
  rows: readonly PlannedRow[],
): Promise<void> {
  await withClient(target, (client) =>
    client.query(`DELETE FROM ${nameOf(target)} WHERE assessment_record_id = ANY($1)`, [
      rows.map(({ mongo_doc_id: id }) => id),
    ]),
  );
}

const nameOf = ({ schema, table }: PostgresEndpoints): string => `"${schema}"."${table}"`;

async function withClient(
  target: PostgresEndpoints,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ connectionString: target.dsn });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

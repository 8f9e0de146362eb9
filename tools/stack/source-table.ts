import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './folders.js';

/** What docker-compose.yml gives to its Postgres, for a schema and a table of these names. */
const SQL_FILE = 'infra/compose/postgres/source-table.sql';
const NAMES = { schema: '"public"', table: '"student_assessment_record"' };

/** Statements that make the contract's source table (section 1), if missing. */
export function sourceTableStatements(schema: string, table: string): string[] {
  return readFileSync(join(projectRoot(), SQL_FILE), 'utf8')
    .replaceAll(NAMES.schema, () => `"${schema}"`)
    .replaceAll(NAMES.table, () => `"${table}"`)
    .split(';\n')
    .filter((statement) => statement !== '');
}

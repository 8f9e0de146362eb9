import { Pool } from 'pg';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import type {
  PageQuery,
  SourceRepository,
  UnusableRow,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { connect } from './postgres-rows.js';
import { pageQuery } from './source-documents.js';

export let pool: Pool;

export function openPool(): void {
  pool = connect();
}

export const closePool = (): Promise<void> => pool.end();

export const sourceOf = (table: string, columns = {}): SourceRepository =>
  createPostgresSource({ pool, schema: 'public', table, columns });

/** Pages through everything, as discovery does. */
export async function readAll(source: SourceRepository, overrides: Partial<PageQuery> = {}) {
  const rows: SourceRow[] = [];
  const unusable: UnusableRow[] = [];
  let documentsRead = 0;
  let query = pageQuery(overrides);
  for (;;) {
    const page = await source.readPage(query);
    rows.push(...page.rows);
    unusable.push(...page.unusable);
    documentsRead += page.documentsRead;
    if (page.exhausted) return { rows, unusable, documentsRead };
    expect(page.rows).toHaveLength(query.limit);
    query = { ...query, after: watermarkOf(page.rows.at(-1)!) };
  }
}

/** A time of the night, so many seconds into it. */
export const at = (second: number, fraction = '.000') =>
  `2025-12-20T04:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}${fraction}Z`;

/** The contract's source table (section 1); `infra/compose/postgres/source-table.sql` is made from it. */
export function sourceTableStatements(schema: string, table: string): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS "${schema}"`,
    `CREATE TABLE IF NOT EXISTS "${schema}"."${table}" (
  assessment_record_id text NOT NULL,
  student_id text,
  udise text,
  test_date date,
  record_type text NOT NULL,
  subject_id text NOT NULL,
  subject_name text,
  audio_url text,
  subject_created_at timestamptz,
  PRIMARY KEY (assessment_record_id, record_type, subject_id)
)`,
  ];
}

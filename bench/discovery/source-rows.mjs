// A run's rows, written by the database itself: no object store and no clip is needed to discover them.
import { Client } from 'pg';
import { SUBJECT_NAME, sourceDocument } from '../service/source-document.mjs';

export const TEST_DATE = '2025-12-20';
/** Uploads come in bursts: so many rows share a timestamp. */
const ROWS_PER_SECOND = 25;
const DOCUMENTS_PER_INSERT = 2_000;

/** Rows of one date, and a tenth as many of another subject and of another date between them. */
export async function seedPostgres({ dsn, schema, table }, records) {
  const client = new Client({ connectionString: dsn });
  await client.connect();
  try {
    const insert = (prefix, count, subject, date) =>
      client.query(
        `INSERT INTO "${schema}"."${table}" SELECT $1 || lpad(to_hex(n), 18, '0'), 'student-' || n, (27000000000 + n % 40000)::text, $4::date,
           CASE WHEN n % 4 = 0 THEN 'admin_record' ELSE 'teacher_record' END, 'reading-' || n % 7, $3,
           's3://recordings/' || $4 || '/' || n || '.wav', $4::timestamptz + interval '13 hours' + (n / ${ROWS_PER_SECOND}) * interval '1 second'
         FROM generate_series(1, $2::int) AS n`,
        [prefix, count, subject, date],
      );
    await insert('675a01', records, SUBJECT_NAME, TEST_DATE);
    await insert('675a02', Math.ceil(records / 10), 'गणित', TEST_DATE);
    await insert('675a03', Math.ceil(records / 10), SUBJECT_NAME, '2025-12-19');
    await client.query(`ANALYZE "${schema}"."${table}"`);
  } finally {
    await client.end();
  }
}

/** The same as documents: one record a document, and a tenth as many documents of another date. */
export async function seedMongo(collection, records) {
  const ofDate = (n, date) => {
    const afterMs = Math.floor(n / ROWS_PER_SECOND) * 1_000;
    return sourceDocument(n, date, new Date(Date.parse(`${date}T13:00:00Z`) + afterMs));
  };
  const insert = async (count, date) => {
    for (let from = 1; from <= count; from += DOCUMENTS_PER_INSERT) {
      const size = Math.min(DOCUMENTS_PER_INSERT, count - from + 1);
      await collection.insertMany(Array.from({ length: size }, (_, index) => ofDate(from + index, date)));
    }
  };
  await insert(records, TEST_DATE);
  await insert(Math.ceil(records / 10), '2025-12-19');
}

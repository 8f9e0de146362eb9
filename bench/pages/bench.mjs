// How many of a date's MongoDB documents a whole backfill reads: counted, since no server is fast enough here to be timed.
import { indexedCollection } from './time-index.mjs';
import { SHAPES, makeEntries } from './shapes.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--records <count>', 'recordings of the date, one a document', wholeNumber(1))
    .option('--page <rows>', 'rows a page (DISCOVERY_BATCH_SIZE)', wholeNumber(1), 100);

const FULL = 100_000;
const QUICK = 3_000;
/** Documents of the date that a row may cost, where rows have times of their own. */
const MOST_DOCUMENTS_PER_ROW = 1.2;

/** @returns `{ok, …}`: ok when every row was read, in order, and no shape of a day needs more documents than it should */
export async function run(_root, { quick, records, page }) {
  const rows = records ?? (quick ? QUICK : FULL);
  const { createMongoPageReader } = await import('#vachan/pipelines/recordings/sources/mongo-page-reader.js');
  const { watermarkOf, isAfter } = await import('#vachan/pipelines/recordings/contract/watermark.js');
  /** Reads a date as the discovery does: each page from the last row of the one before. */
  async function backfill(readPage, { testDate, subjectName, limit }) {
    const seen = new Set();
    /** @type {ReturnType<typeof watermarkOf> | null} */
    let after = null;
    let [readHint, pages, inOrder] = [undefined, 0, true];
    for (;;) {
      const page = await readPage({
        test_date: testDate,
        subject_name: subjectName,
        ...{ after, upTo: null, limit, readHint },
      });
      pages++;
      readHint = page.readHint;
      for (const row of page.rows) {
        inOrder &&= isAfter(row, after);
        seen.add(row.mongo_doc_id);
        after = watermarkOf(row);
      }
      if (page.exhausted) return { read: seen.size, pages, inOrder };
    }
  }

  const shapes = Object.keys(SHAPES).map((shape) => ({ shape, ...makeEntries(shape, rows) }));
  const results = [];
  for (const { shape, entries, testDate, subjectName } of shapes) {
    const { collection, counts } = indexedCollection(entries);
    const readPage = createMongoPageReader({ collection, nowMs: Date.now });
    const { read, pages, inOrder } = await backfill(readPage, { testDate, subjectName, limit: page });
    results.push({
      shape,
      rows: read,
      inOrder,
      queriesPerPage: counts.queries / pages,
      documentsPerRow: counts.ofDate / rows,
      othersPerRow: (counts.examined - counts.ofDate) / rows,
    });
  }
  const isFrugal = ({ shape, documentsPerRow }) =>
    documentsPerRow <= (SHAPES[shape].most ?? MOST_DOCUMENTS_PER_ROW);
  // A day of few rows is mostly beginnings and gaps.
  const ok = results.every((result) => result.rows === rows && result.inOrder && (quick || isFrugal(result)));
  printReport({ rows, page, results, ok });
  return { rows, page, results, ok };
}

function printReport({ rows, page, results, ok }) {
  const number = (value, digits) => value.toLocaleString('en', { maximumFractionDigits: digits });
  console.log(`\n${number(rows, 0)} documents of one date among a tenth of another's, pages of ${page}.\n`);
  console.log(
    '| a day of | rows read | queries a page | documents of the date read a row | of another date |',
  );
  console.log('|---|---:|---:|---:|---:|');
  for (const result of results) {
    const cells = [
      SHAPES[result.shape].title,
      number(result.rows, 0),
      number(result.queriesPerPage, 2),
      number(result.documentsPerRow, 3),
      number(result.othersPerRow, 3),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(ok ? '\nEvery row was read, in order.' : '\nWrong: see the table.');
}

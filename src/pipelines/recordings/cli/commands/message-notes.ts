/** What people run into who queue recordings by hand. */
export const WHOSE_ROWS = `
A recording without mongo_doc_id or source_record_id stands in no source: it is scored as it comes, under the
source_collection direct:<source>. One that names a row is scored only while that row stands in the source
(mongo_doc_id, subject_id, record_type and test_date together), and ends as skipped_ineligible otherwise.`;

/** What people run into who queue recordings by hand. */
export const WHOSE_ROWS = `
A worker scores a message only while its row stands in the source (mongo_doc_id, subject_id, record_type and
test_date together); any other ends as skipped_ineligible.`;

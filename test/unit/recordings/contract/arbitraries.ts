import fc from 'fast-check';
import type { OrderedRow } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { RECORD_TYPES, type SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';

/** Text of any valid Unicode, characters beyond U+FFFF and just below included often. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'é', 'न', '\uE000', '\uFFFD', '\u{10000}', '\u{1F600}'),
    minLength: 1,
    maxLength: 4,
  }),
);

const isoMillis = fc
  .date({
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

/** Few different times and ids, so that ties are common. */
export const orderedRow: fc.Arbitrary<OrderedRow> = fc.record({
  source_updated_at: fc.oneof(
    fc.constantFrom('2025-12-20T04:00:00.000Z', '2025-12-20T04:00:00.001Z', '1970-01-01T00:00:00.000Z'),
    isoMillis,
  ),
  mongo_doc_id: fc.oneof(fc.constantFrom('a', 'b', '\uFFFD', '\u{1F600}'), text),
  subject_id: fc.constantFrom('1', '2', '\uE000', '\u{10000}'),
  record_type: fc.constantFrom(...RECORD_TYPES),
});

export const sourceRow: fc.Arbitrary<SourceRow> = fc
  .tuple(
    orderedRow,
    fc.record({
      source_collection: text,
      test_date: fc.constantFrom('2025-12-20', '2024-02-29'),
      subject_name: text,
      audio_s3_url: fc.webUrl({ withQueryParameters: true }),
      student_id: fc.option(text),
      udise: fc.option(text),
    }),
  )
  .map(([order, rest]) => ({ ...rest, ...order, subject_created_at: order.source_updated_at }));

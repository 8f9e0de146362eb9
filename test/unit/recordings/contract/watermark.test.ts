import fc from 'fast-check';
import {
  compareRows,
  compareWatermarks,
  isAfter,
  watermarkOf,
  type OrderedRow,
  type Watermark,
} from '../../../../src/pipelines/recordings/contract/watermark.js';
import { orderedRow } from './arbitraries.js';

const watermark = orderedRow.map(watermarkOf);

test('the order is antisymmetric, and equal only for the same row', () => {
  fc.assert(
    fc.property(watermark, watermark, (a, b) => {
      expect(Math.sign(compareWatermarks(a, b))).toBe(0 - Math.sign(compareWatermarks(b, a)));
      expect(compareWatermarks(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('the order is transitive', () => {
  fc.assert(
    fc.property(watermark, watermark, watermark, (a, b, c) => {
      const [first, second, third] = [a, b, c].sort(compareWatermarks) as [Watermark, Watermark, Watermark];
      expect(compareWatermarks(first, second)).toBeLessThanOrEqual(0);
      expect(compareWatermarks(second, third)).toBeLessThanOrEqual(0);
      expect(compareWatermarks(first, third)).toBeLessThanOrEqual(0);
    }),
  );
});

test('paging through any rows with any page sizes visits each row once and in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(orderedRow, { selector: (row) => JSON.stringify(watermarkOf(row)), maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (rows, sizes) => {
        const visited: OrderedRow[] = [];
        let after: Watermark | null = null;
        for (let page = 0; ; page += 1) {
          const position: Watermark | null = after;
          const found = rows
            .filter((row) => isAfter(row, position))
            .sort(compareRows)
            .slice(0, sizes[page % sizes.length]);
          if (found.length === 0) break;
          visited.push(...found);
          after = watermarkOf(found.at(-1)!);
        }
        expect(visited).toEqual([...rows].sort(compareRows));
      },
    ),
  );
});

test('ids order by their UTF-8 bytes, where UTF-16 units would order otherwise', () => {
  const row = (mongo_doc_id: string): OrderedRow => ({
    source_updated_at: '2025-12-20T04:00:00.000Z',
    mongo_doc_id,
    subject_id: '1',
    record_type: 'teacher_record',
  });
  const [privateUse, emoji] = ['\uE000', '\u{1F600}'];
  expect(emoji < privateUse).toBe(true);
  expect(compareRows(row(privateUse), row(emoji))).toBeLessThan(0);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareRows(row(a), row(b)))).toBe(
        Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
    }),
  );
});

test('time decides before any id, and record type only where all else ties', () => {
  const base = watermarkOf({
    source_updated_at: '2025-12-20T04:00:00.000Z',
    mongo_doc_id: 'b',
    subject_id: '2',
    record_type: 'admin_record',
  });
  const later = { ...base, last_processed_timestamp: '2025-12-20T04:00:00.001Z', last_processed_doc_id: 'a' };
  expect(compareWatermarks(base, later)).toBeLessThan(0);
  expect(compareWatermarks(base, { ...base, last_processed_record_type: 'teacher_record' })).toBeLessThan(0);
});

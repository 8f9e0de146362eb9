import { endOfPage } from '../../../../src/pipelines/recordings/sources/tied-rows.js';

const end = (rows: string, limit: number): number => endOfPage(Array.from(rows), limit, (a, b) => a === b);

test('a page ends at its limit where the next row has another place', () => {
  expect(end('abcd', 2)).toBe(2);
  expect(end('aabcd', 2)).toBe(2);
});

test('a page goes on through the last of the rows that share a place', () => {
  expect(end('abbbc', 2)).toBe(4);
  expect(end('abbb', 2)).toBe(4);
});

test('a page of all there is ends with it', () => {
  expect(end('ab', 5)).toBe(2);
  expect(end('', 5)).toBe(0);
});

import {
  attemptOfResult,
  jobKeys,
  listingPageOf,
  ordinalOfFragment,
  pauseKey,
} from '../../../../src/pipelines/exports/state/keys.js';

const PREFIX = { bucket: 'exports', prefix: 'state' };
const keysOf = (exportId: string) => jobKeys(PREFIX, { source: 'default', export_id: exportId });

test('all of a job lies in a folder of its own, whatever its id is', () => {
  expect(keysOf('a/../b:c%').folder).toBe('state/default/a%2F..%2Fb%3Ac%25/');
  expect(keysOf('.').folder).toBe('state/default/%2E/');
  expect(jobKeys({ bucket: 'b', prefix: '' }, { source: 'default', export_id: 'x' }).folder).toBe(
    'default/x/',
  );
});

test('no export is taken for the marker of a paused source', () => {
  expect(keysOf('_paused.json').folder).toBe('state/default/%5Fpaused.json/');
  expect(pauseKey(PREFIX, 'default')).toBe('state/default/_paused.json');
});

test('the order of keys is that of ordinals, pages and rows of a file', () => {
  const { fragment, rows, filesFrom } = keysOf('x');
  const keys = [rows(9), fragment(10), fragment(9), fragment(999_999), fragment(100_000)];
  expect([...keys].sort().map(ordinalOfFragment)).toEqual([9, undefined, 10, 100_000, 999_999]);
  expect(filesFrom(10) < fragment(10) && filesFrom(10) > rows(9)).toBe(true);
});

test('keys are read as they are written', () => {
  const keys = keysOf('files/1.json');
  expect(ordinalOfFragment(keys.fragment(7))).toBe(7);
  expect(ordinalOfFragment(keys.result())).toBeUndefined();
  expect(listingPageOf(keys.listingPage(12))).toBe(12);
  expect(attemptOfResult(keys.result(3))).toBe(3);
  expect(attemptOfResult(keys.result())).toBeUndefined();
});

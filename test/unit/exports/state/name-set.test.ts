import { NameSet } from '../../../../src/pipelines/exports/state/name-set.js';

test('knows the names that were added, and no others', () => {
  const names = new NameSet();
  for (let n = 0; n < 50_000; n++) expect(names.add(`folder/${n}.json`)).toBe(true);
  expect(names.add('folder/49999.json')).toBe(false);
  expect(names.size).toBe(50_000);
  for (let n = 0; n < 50_000; n += 997) expect(names.has(`folder/${n}.json`)).toBe(true);
  for (let n = 50_000; n < 100_000; n += 997) expect(names.has(`folder/${n}.json`)).toBe(false);
  expect(names.has('')).toBe(false);
});

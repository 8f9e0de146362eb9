import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/stack/folders.js';

test('every test that the threat table names is there', () => {
  const page = readFileSync(join(projectRoot(), 'docs', 'security.md'), 'utf8');
  const named = [...page.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((path) => !existsSync(join(projectRoot(), path)))).toEqual([]);
});

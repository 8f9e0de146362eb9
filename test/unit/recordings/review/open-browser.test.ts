import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../../../../src/pipelines/recordings/cli/review/open-browser.js';
import { until } from '../../../until.js';

const URL = 'http://127.0.0.1:4711/the-secret/';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-open-'));
  const opener = join(folder, 'xdg-open');
  // Renamed when whole, so that nobody reads half of it.
  writeFileSync(
    opener,
    `#!/bin/sh\n{ echo "$@"; env; } > ${folder}/said.tmp\n/bin/mv ${folder}/said.tmp ${folder}/said\n`,
  );
  chmodSync(opener, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a browser is handed a private file, and neither the secret nor those of this process', async () => {
  const environment = {
    PATH: `${folder}:/usr/bin:/bin`,
    DISPLAY: ':0',
    AWS_SECRET_ACCESS_KEY: 'do-not-tell',
  };
  await openBrowser(URL, folder, environment, 'linux');
  await until(() => existsSync(join(folder, 'said')));
  const said = readFileSync(join(folder, 'said'), 'utf8');
  const path = join(folder, 'review.html');
  expect(said.split('\n')[0]).toBe(path);
  expect(said).toContain('DISPLAY=:0');
  expect(said).not.toMatch(/the-secret|do-not-tell/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toContain(`url=${URL}`);
});

test('without a screen, or without a program that opens, nothing happens', async () => {
  await openBrowser(URL, folder, { PATH: folder }, 'linux');
  expect(existsSync(join(folder, 'review.html'))).toBe(false);
  await openBrowser(URL, folder, { PATH: '/nowhere', DISPLAY: ':0' }, 'linux');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { notAudio } from '../../../../../src/pipelines/recordings/audio/decode/file-head.js';

const folder = mkdtempSync(join(tmpdir(), 'file-head-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['gzip data', gzipSync('a recording')],
  ['a zip archive', Buffer.from('PK\x03\x04 and so on')],
  ['an XML or HTML page', Buffer.from('<!DOCTYPE html><title>Sign in</title>')],
  ['JSON', Buffer.from('{"error": "not found"}')],
])('a file that is %s is called so', (name, bytes) => {
  const path = join(folder, 'a.m4a');
  writeFileSync(path, bytes);
  expect(notAudio(path)).toBe(`not a known audio container: it is ${name}`);
});

test('a file that nobody knows gets no name', () => {
  const path = join(folder, 'b.m4a');
  writeFileSync(path, '\x01');
  expect(notAudio(path)).toBe('not a known audio container');
});

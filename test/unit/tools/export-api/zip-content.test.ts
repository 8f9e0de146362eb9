import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeOf } from '#tools/export-api/content.js';
import { zipContent, type ZipEntry, type ZipFaults } from '#tools/export-api/zip/zip-content.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Python's zipfile reads of it: names and sizes, or its complaint. */
function read(entries: readonly ZipEntry[], faults?: ZipFaults): string {
  const path = join(folder, 'a.zip');
  writeFileSync(path, wholeOf(zipContent(entries, faults)));
  const script = `
import sys, zipfile
try:
    with zipfile.ZipFile(sys.argv[1]) as z:
        print(z.testzip(), *[f'{i.filename}={len(z.read(i))}' for i in z.infolist()])
except Exception as error:
    print(type(error).__name__)`;
  return spawnSync('python3', ['-c', script, path], { encoding: 'utf8' }).stdout.trim();
}

it('makes archives that another reader reads, stored, deflated, streamed and repeated', () => {
  const data = Buffer.from('words '.repeat(50));
  expect(
    read([
      { name: 'stored.txt', data, method: 'store' },
      { name: 'deflated.txt', data },
      { name: 'streamed.txt', data, descriptor: true },
      { name: 'repeated.bin', data: { block: data, times: 1000 } },
      { name: 'empty' },
    ]),
  ).toBe('None stored.txt=300 deflated.txt=300 streamed.txt=300 repeated.bin=300000 empty=0');
});

it('makes archives of more entries than the end record can count', () => {
  expect(
    read(Array.from({ length: 66_000 }, (_, index) => ({ name: String(index), method: 'store' }))).length,
  ).toBeGreaterThan(66_000);
});

it('lies when it is told to', () => {
  expect(read([{ name: 'a', data: Buffer.from('x'), lies: { crc32: 1 } }])).toBe('BadZipFile');
  expect(read([{ name: 'a' }], { cut: 5 })).toBe('BadZipFile');
});

it('gives the same bytes in ranges as in one piece', () => {
  const content = zipContent([
    { name: 'a', data: { block: Buffer.from('0123456789'), times: 100 }, method: 'store' },
  ]);
  const whole = wholeOf(content);
  for (const [start, end] of [
    [0, 10],
    [35, 47],
    [900, content.size],
  ] as const)
    expect(Buffer.concat([...content.read(start, end)])).toEqual(whole.subarray(start, end));
});

import { closeSync, openSync, readSync } from 'node:fs';

/** As much as tells one container from another. */
const HEAD_BYTES = 16;

/** A file's first bytes; zeros where it is shorter. */
export function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head;
}

/** What people put where a recording was expected, by its first bytes. */
const OTHER_FORMATS: readonly [name: string, start: string][] = [
  ['gzip data', '\x1f\x8b'],
  ['a zip archive', 'PK\x03\x04'],
  ['bzip2 data', 'BZh'],
  ['xz data', '\xfd7zXZ'],
  ['zstd data', '\x28\xb5\x2f\xfd'],
  ['a PDF document', '%PDF-'],
  ['an XML or HTML page', '<'],
  ['JSON', '{'],
];

/** Why a file that no demuxer knows is none, in words. */
export function notAudio(path: string): string {
  const start = readHead(path).toString('latin1');
  const other = OTHER_FORMATS.find(([, sign]) => start.startsWith(sign));
  return `not a known audio container${other === undefined ? '' : `: it is ${other[0]}`}`;
}

/** A WAV file. */
export function isWave(head: Buffer): boolean {
  const text = head.toString('latin1');
  return text.startsWith('RIFF') && text.startsWith('WAVE', 8);
}

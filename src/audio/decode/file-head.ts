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

/** A WAV file. */
export function isWave(head: Buffer): boolean {
  const text = head.toString('latin1');
  return text.startsWith('RIFF') && text.startsWith('WAVE', 8);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../stack/folders.js';

/** Samples of one of our own recordings: wav, mono, 16 bits, its data last. From -1 to 1. */
export function wavSamples(path: string): Float32Array {
  const bytes = readFileSync(join(projectRoot(), path));
  const start = bytes.indexOf('data') + 8;
  const length = bytes.readUInt32LE(start - 4) / 2;
  return Float32Array.from({ length }, (_, index) => bytes.readInt16LE(start + 2 * index) / 32_768);
}

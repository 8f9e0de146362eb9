import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../embedded-stack.js';

/** Settings name certificates by file. */
export function fileWith(pem: string): string {
  const path = join(freshFolder(), 'file.pem');
  writeFileSync(path, pem, { mode: 0o600 });
  return path;
}

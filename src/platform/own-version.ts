import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, from source as from dist/. */
export function ownVersion(): string {
  const path = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

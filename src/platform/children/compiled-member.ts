import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DependencyUnavailable } from '../errors.js';

/**
 * The compiled file that a pool's members run, found from `dist/` and, under a test runner, from `src/`: node starts no TypeScript.
 *
 * @param what names the pool in the message
 * @param path below `dist`
 * @throws DependencyUnavailable where it is not compiled
 */
export function compiledMember(what: string, ...path: readonly string[]): string {
  const entry = join(__dirname, '..', '..', '..', 'dist', ...path);
  if (!existsSync(entry)) {
    throw new DependencyUnavailable(`The ${what} is not compiled: run \`npm run build\` first`);
  }
  return entry;
}

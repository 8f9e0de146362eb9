import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Original } from './mutations.js';

/**
 * Files of a folder to be damaged, by name; empty and larger ones are left out.
 *
 * @param extensions with their dots
 */
export async function originalsIn(
  folder: string,
  extensions: readonly string[],
  mostBytes = Infinity,
): Promise<Original[]> {
  const originals: Original[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!extensions.includes(extname(name))) continue;
    const bytes = await readFile(join(folder, name));
    if (bytes.length > 0 && bytes.length <= mostBytes) originals.push({ name, bytes });
  }
  return originals;
}

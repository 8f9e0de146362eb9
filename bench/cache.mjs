// Where clips and the peer's environment are kept between runs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of this name in `VACHAN_CACHE_DIR`, else in the project's `.cache/`; made if missing. */
export function benchCache(root, ...names) {
  const folder = join(process.env.VACHAN_CACHE_DIR || join(root, '.cache'), 'bench', ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

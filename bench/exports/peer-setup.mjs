import { join } from 'node:path';

const BOTO3 = { name: 'boto3', version: '1.44.5' };

/** boto3 in a virtual environment of the cache. @returns `{python}`, or `{unavailable}` with the reason */
export async function setUpPeer() {
  const { cacheFolder } = await import('#tools/stack/folders.js');
  const { cachedPythonPackage, installPythonPackage } = await import('#tools/stack/python-package.js');
  const cache = cacheFolder(process.env);
  try {
    const folder =
      cachedPythonPackage(cache, BOTO3) ??
      (await installPythonPackage(cache, BOTO3, process.env, console.log));
    return { python: join(folder, 'bin', 'python') };
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

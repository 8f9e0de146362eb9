import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchCache } from '../cache.mjs';

/** The Python peer of recordings. @returns `{python}`, or `{unavailable}` with the reason */
export function setUpPeer(root) {
  return setUpEnvironment(root, 'peer-venv', [['-r', join(root, 'bench', 'peer', 'requirements.txt')]]);
}

/**
 * A virtual environment in the project's cache; made anew when its requirements change.
 *
 * @param installs options of `pip install`, one list an installation; each ends with a file of requirements
 * @param interpreter that it is made with
 * @returns `{python}`, or `{unavailable}` with the reason
 */
export function setUpEnvironment(root, name, installs, interpreter = 'python3') {
  const folder = join(benchCache(root), name);
  const stamp = join(folder, 'requirements.stamp');
  const python = join(folder, 'bin', 'python');
  const wanted = installs.map((options) => readFileSync(options.at(-1), 'utf8')).join('');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python };
  console.log(`Setting up ${name} for a Python peer, once (about a minute) …`);
  rmSync(folder, { recursive: true, force: true });
  // Without internet this must end soon: a bench without the peer still says something.
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  /** @type {[string, string[]][]} */
  const steps = [
    [interpreter, ['-m', 'venv', folder]],
    ...installs.map((options) => /** @type {[string, string[]]} */ ([python, [...install, ...options]])),
  ];
  for (const [command, args] of steps) {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').at(-1);
      return { unavailable: `${command} ${args.slice(0, 3).join(' ')}: ${reason}` };
    }
  }
  writeFileSync(stamp, wanted);
  return { python };
}

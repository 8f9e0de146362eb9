import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchCache } from '../cache.mjs';

/**
 * A virtual environment for the Python peer, in the project's cache; made anew when its requirements change.
 *
 * @returns `{python}`, or `{unavailable}` with the reason
 */
export function setUpPeer(root) {
  const requirements = join(root, 'bench', 'peer', 'requirements.txt');
  const folder = join(benchCache(root), 'peer-venv');
  const stamp = join(folder, 'requirements.stamp');
  const python = join(folder, 'bin', 'python');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python };
  console.log('Setting up the Python peer, once (about a minute) …');
  rmSync(folder, { recursive: true, force: true });
  /** @type {[string, string[]][]} */
  const steps = [
    ['python3', ['-m', 'venv', folder]],
    // Without internet this must end soon: a bench without the peer still says something.
    [
      python,
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--retries',
        '1',
        '-r',
        requirements,
      ],
    ],
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

import { join } from 'node:path';
import { setUpEnvironment } from '../audio/peer-setup.mjs';

/** The Python peer of interviews, in an environment of its own. @returns `{python}`, or `{unavailable}` with the reason */
export const setUpPeer = (root) => {
  const folder = join(root, 'bench', 'interviews');
  return setUpEnvironment(root, 'interviews-peer-venv', [
    ['-r', join(folder, 'requirements.txt')],
    ['--no-deps', '-r', join(folder, 'requirements-no-deps.txt')],
  ]);
};

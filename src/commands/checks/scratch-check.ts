import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import { pick } from '../../platform/config/settings-table.js';
import { defaultScratchRoot } from '../../platform/scratch/scratch.js';
import { ok, problem, warning, type Check } from '../finding.js';

/** A few hundred objects of a megabyte under way stay below this. */
const LEAST_FREE_BYTES = 1024 ** 3;

/** The folder where downloads lie while they are worked on. */
export function scratchCheck(environment: Environment): Check {
  const name = 'Scratch';
  const todo = 'Set SCRATCH_PATH to a folder that this process may write to.';
  return {
    name,
    todo,
    run: async () => {
      const { SCRATCH_PATH: configured } = loadSettings(environment, pick(BASE_SETTINGS, 'SCRATCH_PATH'));
      const root = configured ?? defaultScratchRoot();
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        const folder = await mkdtemp(join(root, 'doctor-'));
        await writeFile(join(folder, 'trial'), 'trial');
        await rm(folder, { recursive: true });
      } catch (error) {
        return [
          problem(
            name,
            `${root} cannot be written to (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
            todo,
          ),
        ];
      }
      const { bavail, bsize } = await statfs(root);
      const free = bavail * bsize;
      const detail = `${root}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
      return [
        free < LEAST_FREE_BYTES ? warning(name, detail, 'Make room, or set SCRATCH_PATH.') : ok(name, detail),
      ];
    },
  };
}

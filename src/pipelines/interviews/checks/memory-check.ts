import { ok, warning, type Check } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { memoryUse, type MemoryUse } from '../../../platform/memory.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';

const NAME = 'Memory for interviews';
const GIB = 1024 ** 3;

/** What suits machines of these sizes. */
const TUNINGS = [
  { gib: 16, jobs: 6, chunkMb: 30, percent: 80 },
  { gib: 8, jobs: 4, chunkMb: 20, percent: 85 },
] as const;

/** How many jobs there is memory for, and the settings that suit a machine of this size. */
export function memoryCheck(environment: Environment, use: () => MemoryUse | undefined = memoryUse): Check {
  return {
    name: NAME,
    todo: 'Set MAX_CONCURRENT_JOBS to what the memory allows.',
    run: () => {
      const { MAX_CONCURRENT_JOBS: jobs } = loadSettings(
        environment,
        pick(INTERVIEWS_SETTINGS, 'MAX_CONCURRENT_JOBS'),
      );
      const seen = use();
      if (seen === undefined)
        return Promise.resolve([warning(NAME, 'its limit cannot be read', 'Nothing watches it.')]);
      const gib = seen.limitBytes / GIB;
      // Of a machine of 8 GB somewhat less than 8 GiB can be had.
      const tuning = TUNINGS.find((one) => gib >= one.gib * 0.85);
      const suits =
        tuning === undefined
          ? 'for less than 8 GB: MAX_CONCURRENT_JOBS=2'
          : `for ${tuning.gib} GB: MAX_CONCURRENT_JOBS=${tuning.jobs}, STREAMING_CHUNK_SIZE_MB=${tuning.chunkMb}, MEMORY_THRESHOLD_PERCENT=${tuning.percent}`;
      const detail = `${gib.toFixed(1)} GiB, ${Math.round((seen.anonymousBytes / seen.limitBytes) * 100)} % in use; ${suits}`;
      const most = tuning?.jobs ?? 2;
      return Promise.resolve([
        jobs > most + 2
          ? warning(NAME, `${detail}; it is ${jobs}`, `Set MAX_CONCURRENT_JOBS to at most ${most + 2}.`)
          : ok(NAME, detail),
      ]);
    },
  };
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet } from '../../tools/chaos/fleet.js';

test('workers that end at every start end the run, with their last words', async () => {
  const dist = mkdtempSync(join(tmpdir(), 'vachan-fleet-'));
  mkdirSync(join(dist, 'workers'));
  writeFileSync(
    join(dist, 'workers', 'main.js'),
    'process.stderr.write("no model"); process.exitCode = 1; process.stdin.destroy();',
  );
  const fleet = startFleet({
    ...{ distFolder: dist, folder: dist },
    members: [1, 2].map((one) => ({ name: `worker-${one}`, role: 'worker', env: process.env })),
  });
  try {
    await expect(fleet.hopeless).rejects.toThrow(/5 workers in a row .* no model/);
  } finally {
    await fleet.close();
    rmSync(dist, { recursive: true, force: true });
  }
});

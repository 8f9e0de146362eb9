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
  const fleet = startFleet({ size: 2, distFolder: dist, env: process.env, folder: dist });
  try {
    await expect(fleet.hopeless).rejects.toThrow(/5 workers in a row .* no model/);
  } finally {
    await fleet.close();
    rmSync(dist, { recursive: true, force: true });
  }
});

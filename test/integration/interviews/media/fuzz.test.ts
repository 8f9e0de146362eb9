import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutantOf } from '../../../../tools/fuzz/mutant.js';
import { MEDIA } from '../../../../tools/fuzz/media/media-kind.js';
import { readMediaOriginals, runMediaFuzz } from '../../../../tools/fuzz/media/run-media-fuzz.js';
import { MODELS } from './media-under-test.js';

const folder = join(__dirname, '..', '..', '..', 'fixtures', 'interviews');
/** Those that take a moment each. */
const SMALL_BYTES = 200_000;

test('damaged media end in finite measures or a refusal, and none takes its process along', async () => {
  const findingsFolder = mkdtempSync(join(tmpdir(), 'vachan-fuzz-findings-'));
  const report = await runMediaFuzz({
    originals: await readMediaOriginals(folder, SMALL_BYTES),
    models: MODELS,
    seed: 4,
    files: 40,
    poolSize: 2,
    findingsFolder,
  });
  rmSync(findingsFolder, { recursive: true });
  expect(report).toMatchObject({ files: 40, broken: [], lostMembers: [], ok: true });
  // Damage that is always, or never, noticed would test little.
  expect(report.ends['measures']).toBeGreaterThan(5);
  expect(report.ends['refused: index missing']).toBeGreaterThan(3);
});

test('a damaged medium is made again from its seed and number', async () => {
  const originals = await readMediaOriginals(folder, SMALL_BYTES);
  expect(mutantOf(MEDIA, originals, 7, 11)).toEqual(mutantOf(MEDIA, originals, 7, 11));
  expect(mutantOf(MEDIA, originals, 7, 11).bytes).not.toEqual(mutantOf(MEDIA, originals, 7, 12).bytes);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutantOf } from '../../../../tools/fuzz/mutant.js';
import { openCanaries } from '../../../../tools/fuzz/media/canaries.js';
import { mediaKind } from '../../../../tools/fuzz/media/media-kind.js';
import { referring } from '../../../../tools/fuzz/media/references.js';
import { randomOf } from '../../../../tools/fuzz/random.js';
import { createMediaEngine } from '../../../../src/pipelines/interviews/media/create-media-engine.js';
import { MediaRefused } from '../../../../src/pipelines/interviews/media/media-errors.js';
import type { MediaSource } from '../../../../src/pipelines/interviews/media/media-source.js';
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
  const media = mediaKind(['http://127.0.0.1:9/']);
  expect(mutantOf(media, originals, 7, 11)).toEqual(mutantOf(media, originals, 7, 11));
  expect(mutantOf(media, originals, 7, 11).bytes).not.toEqual(mutantOf(media, originals, 7, 12).bytes);
});

test('a server or a file that is touched is told of, once', async () => {
  const canaries = await openCanaries();
  expect(await canaries.look()).toBeUndefined();
  const [address, ...others] = canaries.references;
  await expect(fetch(address!)).rejects.toThrow();
  expect(await canaries.look()).toContain('connected');
  const path = others.find((one) => one.startsWith('/'));
  if (path !== undefined) {
    readFileSync(path);
    expect(await canaries.look()).toContain('read a path');
  }
  expect(await canaries.look()).toBeUndefined();
  await canaries.close();
});

test('media that name a server and a file lead nobody there', async () => {
  const canaries = await openCanaries();
  const lead = referring(canaries.references);
  const originals = await readMediaOriginals(folder, SMALL_BYTES);
  const engine = await createMediaEngine({ size: 1, models: MODELS, transcriber: 'off' });
  try {
    for (let index = 0; index < 40; index += 1) {
      const random = randomOf(3, index);
      const { bytes } = random.pick(originals);
      const medium = lead(bytes, random, bytes);
      await engine.pass(sourceOf(medium), {}).catch((error: unknown) => {
        if (!(error instanceof MediaRefused)) throw error;
      });
      expect(await canaries.look()).toBeUndefined();
    }
  } finally {
    await engine.close();
    await canaries.close();
  }
});

function sourceOf(medium: Buffer): MediaSource {
  return {
    ...{ size: medium.length, etag: '"leads"', close: () => Promise.resolve() },
    read: (from, to) => Promise.resolve(medium.subarray(from, to)),
  };
}

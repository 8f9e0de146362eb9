import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  baseVersion,
  calibratedVersion,
} from '../../../../src/pipelines/recordings/model/calibration/calibrated-version.js';
import type { Calibration } from '../../../../src/pipelines/recordings/model/calibration/calibration-block.js';
import { writeCalibrated } from '../../../../src/pipelines/recordings/model/calibration/write-calibrated.js';
import { loadModel } from '../../../../src/pipelines/recordings/model/load-model.js';
import { readModelFiles } from '../../../../src/pipelines/recordings/model/model-files.js';
import { makeModelFolder, removeModelFolders, THREE_FEATURES } from './model-folder.js';

const parent = mkdtempSync(join(tmpdir(), 'vachan-calibrated-'));
afterAll(() => {
  removeModelFolders();
  rmSync(parent, { recursive: true });
});

const NOW = new Date('2026-11-28T10:12:07.891Z');
const nobody = { flagged: null, recall: null };
const calibration: Calibration = {
  calibrated_at: NOW.toISOString(),
  from_version: '1.0.0',
  previous_threshold: 4,
  on: { labels: 'labels.csv', labels_sha256: 'ab', rows: 90, unread: 0 },
  share: 0.02,
  set_on: { recordings: 60, low: 1, high: null },
  held_out: { before: nobody, now: { flagged: { found: 1, of: 30, value: 1 / 30, low: 0, high: 0.2 }, recall: null } },
}; // prettier-ignore

describe('the version of a calibrated model', () => {
  test.each([
    ['0.3.0', '0.3.0+cal.20261128T101207Z'],
    ['0.3.0+cal.20250101T000000Z', '0.3.0+cal.20261128T101207Z'],
    ['1.0.0-rc.1+gpu', '1.0.0-rc.1+gpu.cal.20261128T101207Z'],
    ['1.0.0+gpu.cal.20250101T000000Z', '1.0.0+gpu.cal.20261128T101207Z'],
  ])('of %s is %s', (before, after) => {
    expect(calibratedVersion(before, NOW)).toBe(after);
    expect(baseVersion(after)).toBe(baseVersion(before));
  });
});

describe('a calibrated model', () => {
  const changes = { version: '1.0.0+cal.20261128T101207Z', threshold: 2.5, calibration };

  test('has the same artefacts byte for byte, and a manifest that says how its threshold was set', async () => {
    const folder = makeModelFolder();
    writeFileSync(join(folder, 'README.md'), '# card');
    const before = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as object;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...before, made_by: 'somebody' }));
    const out = join(parent, 'whole', 'model');
    await writeCalibrated('--out', out, await readModelFiles(folder), changes);
    for (const file of ['scaler.onnx', 'detector.onnx', 'README.md']) {
      expect(readFileSync(join(out, file))).toEqual(readFileSync(join(folder, file)));
    }
    const written = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as object;
    expect(written).toEqual({
      ...before,
      made_by: 'somebody',
      description: 'Calibrated: the threshold is now 2.5 on this scale.',
      version: changes.version,
      threshold: 2.5,
      calibration,
    });
    expect(readdirSync(join(parent, 'whole'))).toEqual(['model']);
  });

  test('scores as before, and a score at its threshold is normal', async () => {
    const folder = makeModelFolder();
    const first = await loadModel(folder, THREE_FEATURES);
    const rows = [1, 2, 3, 9].map((value) => new Float64Array(3).fill(value));
    const scores = await first.score(rows);
    const at = scores[2]!.anomaly_score;
    const out = join(parent, 'scoring');
    await writeCalibrated('--out', out, await readModelFiles(folder), { ...changes, threshold: at });
    const second = await loadModel(out, THREE_FEATURES);
    expect((await second.score(rows)).map(({ anomaly_score, is_anomaly, threshold, model_version }) => [anomaly_score, is_anomaly, threshold, model_version])).toEqual(
      scores.map(({ anomaly_score }) => [anomaly_score, anomaly_score > at, at, changes.version]),
    ); // prettier-ignore
    await Promise.all([first.release(), second.release()]);
  });

  test('says its own threshold only, however often it is calibrated', async () => {
    const folder = makeModelFolder({ manifest: { description: 'A model of three features.' } });
    const [once, twice] = [join(parent, 'once'), join(parent, 'twice')];
    await writeCalibrated('--out', once, await readModelFiles(folder), changes);
    await writeCalibrated('--out', twice, await readModelFiles(once), { ...changes, threshold: 3, version: '1.0.0+cal.20261129T101207Z' }); // prettier-ignore
    expect((await readModelFiles(twice)).manifest.description).toBe(
      'A model of three features. Calibrated: the threshold is now 3 on this scale.',
    );
  });

  test('is whole or not there: a folder that holds something stays as it is', async () => {
    const out = join(parent, 'taken');
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), 'x');
    const files = await readModelFiles(makeModelFolder());
    await expect(writeCalibrated('--out', out, files, changes)).rejects.toThrow(
      /^--out: .*taken cannot be written: it is a folder that holds something\. Nothing was written\.$/,
    );
    expect(readdirSync(out)).toEqual(['mine']);
    expect(readdirSync(parent).filter((name) => name.endsWith('.part'))).toEqual([]);
    const empty = join(parent, 'empty');
    mkdirSync(empty);
    await writeCalibrated('--out', empty, files, changes);
    expect(readdirSync(empty)).toContain('manifest.json');
  });

  test('is refused where its own model was changed meanwhile, or its manifest says nonsense', async () => {
    const folder = makeModelFolder();
    const files = await readModelFiles(folder);
    writeFileSync(join(folder, 'manifest.json'), '{}');
    await expect(writeCalibrated('--out', join(parent, 'late'), files, changes)).rejects.toThrow(/was changed while/); // prettier-ignore
    const bad = { ...calibration, share: 2 };
    await expect(readModelFiles(makeModelFolder({ manifest: { calibration: bad } }))).rejects.toThrow(
      /calibration\.share/,
    );
    expect(readdirSync(parent).filter((name) => name.includes('late'))).toEqual([]);
  });
});

import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { ModelName } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { readModelFiles } from '../../../../src/pipelines/recordings/model/model-files.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { until } from '../../../until.js';
import { freshDatabase, freshFolder, freshName } from '../../embedded-stack.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { aScoredResult, COLLECTION, resultId, TEST_DATE } from './judged-results.js';

const SHIPPED = join(projectRoot(), 'models/reading-audio');
const { samples } = JSON.parse(readFileSync(join(projectRoot(), 'samples/manifest.json'), 'utf8')) as {
  samples: { file: string; expected: 'normal' | 'anomaly' | 'unusable' }[];
};
const { uri, database } = freshDatabase();
let mongo: MongoClient;

beforeAll(async () => {
  mongo = await MongoClient.connect(uri);
});
afterAll(() => mongo.close());

/** The samples in a folder of their own, with labels. */
function labelledSamples(): { folder: string; labels: string } {
  const folder = freshFolder();
  const usable = samples.filter(({ expected }) => expected !== 'unusable');
  for (const { file } of usable) copyFileSync(join(projectRoot(), 'samples', file), join(folder, file));
  const labels = join(folder, 'labels.csv');
  writeFileSync(
    labels,
    `file,label\n${usable.map(({ file, expected }) => `${file},${expected}`).join('\n')}\n`,
  );
  return { folder, labels };
}

interface Shown {
  file: string;
  anomaly_score: number;
  threshold: number;
  is_anomaly: boolean;
}

test('a model that was calibrated on samples scores as before, flags by its threshold, and is taken into use by a running pool', async () => {
  const { folder, labels } = labelledSamples();
  const out = join(folder, 'calibrated');
  const calibrated = await vachan([
    'calibrate',
    '--from',
    labels,
    '--false-alarms',
    '20%',
    '--out',
    out,
    '--json',
  ]);
  expect(calibrated).toMatchObject({ code: 0, stderr: 'Scoring 29 recordings…\n' });
  const { version, threshold } = JSON.parse(calibrated.stdout) as { version: string; threshold: number };
  const before = await readModelFiles(SHIPPED);
  const after = await readModelFiles(out);
  expect(version).toMatch(/^[\d.]+\+cal\.\d{8}T\d{6}Z$/);
  expect(after).toMatchObject({ manifest: { version, threshold } });
  expect([after.scaler, after.detector]).toEqual([before.scaler, before.detector]);

  const files = samples.filter(({ expected }) => expected === 'normal').map(({ file }) => join(folder, file));
  const score = async (environment: Record<string, string>) => {
    const { stdout } = await vachan(['score', '--json', ...files], environment);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Shown);
  };
  const [shipped, own] = [await score({}), await score({ MODEL_PATH: out })];
  expect(own.map(({ anomaly_score }) => anomaly_score)).toEqual(
    shipped.map(({ anomaly_score }) => anomaly_score),
  );
  for (const { anomaly_score, is_anomaly, threshold: used } of own) {
    expect({ used, is_anomaly }).toEqual({ used: threshold, is_anomaly: anomaly_score > threshold });
  }
  // The recording that the threshold was set by is the last normal one.
  expect(own.filter(({ anomaly_score }) => anomaly_score === threshold)).toMatchObject([
    { is_anomaly: false },
  ]);
  const table = await vachan(['score', files[0]!], { MODEL_PATH: out });
  expect(table.stderr).toContain(`Model reading-audio ${version}`);

  const inUse = join(folder, 'in-use');
  cpSync(SHIPPED, inUse, { recursive: true });
  const changed: ModelName[] = [];
  const engine = await createAudioEngine({
    poolSize: 1,
    modelFolder: inUse,
    reloadEveryMs: 10,
    onModelChanged: (_role, model) => changed.push(model),
  });
  try {
    const { features } = await engine.extract(files[0]!);
    const [first] = await engine.score([features]);
    copyFileSync(join(out, 'manifest.json'), join(inUse, 'manifest.json'));
    await until(() => changed.length > 0);
    const [second] = await engine.score([features]);
    expect(second!.inference).toMatchObject({
      model_version: version,
      threshold,
      anomaly_score: first!.inference.anomaly_score,
    });
  } finally {
    await engine.close();
  }
});

test("a threshold is set on a reviewer's verdicts on a date's results", async () => {
  const results = freshName('results');
  const model_version = (await readModelFiles(SHIPPED)).manifest.version;
  await mongo
    .db(database)
    .collection<ResultDocument>(results)
    .insertMany([
      ...Array.from({ length: 300 }, (_, index) => aScoredResult(index, (index + 1) / 200, { model_version })),
      aScoredResult(500, 2, { model_version: '0.0.1' }),
    ]); // prettier-ignore
  const folder = freshFolder();
  const verdicts = join(folder, 'verdicts.csv');
  const judged = [...Array.from({ length: 100 }, (_, index) => index * 3), 500];
  const rows = judged.map((index) => `${resultId(index)},${index >= 270 ? 'anomalous' : 'normal'},random`);
  writeFileSync(verdicts, `result_document_id,verdict,sample\n${rows.join('\n')}\n`);
  const out = join(folder, 'calibrated');
  const args = ['calibrate', '--test-date', TEST_DATE, '--verdicts', verdicts, '--false-alarms', '10%'];
  const { code, stdout, stderr } = await vachan([...args, '--out', out, '--json'], {
    MONGO_URI: uri,
    MONGO_DB_NAME: database,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    MONGO_SOURCE_COLLECTION: COLLECTION,
    MONGO_RESULT_COLLECTION: results,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { manifest } = await readModelFiles(out);
  expect(JSON.parse(stdout)).toMatchObject({
    threshold: manifest.threshold,
    left_out: { unsure: 0, open: 0, not_found: 0, other_model: 1, not_drawn: 0 },
  });
  expect(manifest.calibration).toMatchObject({
    on: { verdicts: 'verdicts.csv', test_date: TEST_DATE, rows: 101, left_out: 1 },
    held_out: { now: { recall: { of: 10 } } },
  });
  const { set_on, held_out } = manifest.calibration!;
  expect(set_on.recordings + held_out.now.flagged!.of).toBe(90);
});

test("a threshold is set on a date's results, and the date's report shows both side by side", async () => {
  const results = freshName('results');
  const { version } = (await readModelFiles(SHIPPED)).manifest;
  await mongo
    .db(database)
    .collection<ResultDocument>(results)
    .insertMany([
      ...Array.from({ length: 900 }, (_, index) => aScoredResult(index, (index + 1) / 600, { model_version: version })),
      aScoredResult(2_000, 9, { model_version: '0.0.1' }),
    ]); // prettier-ignore
  const folder = freshFolder();
  const environment = {
    MONGO_URI: uri,
    MONGO_DB_NAME: database,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    MONGO_SOURCE_COLLECTION: COLLECTION,
    MONGO_RESULT_COLLECTION: results,
  };
  const out = join(folder, 'calibrated');
  const args = ['calibrate', '--test-date', TEST_DATE, '--share', '10%', '--out', out, '--json'];
  const calibrated = await vachan(args, environment);
  expect(calibrated).toMatchObject({ code: 0, stderr: '' });
  const { threshold, version: now } = JSON.parse(calibrated.stdout) as { threshold: number; version: string };
  expect(threshold).toBeGreaterThan(1.25);
  expect(threshold).toBeLessThan(1.45);

  const page = join(folder, 'report.html');
  const report = ['report', TEST_DATE, '--out', page, '--no-audio'];
  expect((await vachan(report, { ...environment, MODEL_PATH: out })).code).toBe(0);
  const html = readFileSync(page, 'utf8').replace(/\s+/g, ' ');
  const flagged = Array.from({ length: 900 }, (_, index) => (index + 1) / 600).filter((score) => score > threshold); // prettier-ignore
  expect(html).toContain('Threshold before and after calibration');
  expect(html).toMatch(
    new RegExp(`>${version}<small>threshold 1</small></th> <td class="number">300 \\(33 %\\)`),
  );
  expect(html).toMatch(new RegExp(`>${now.replaceAll(/[.+]/g, '\\$&')}<small>.*?</th> <td class="number">${flagged.length} \\(`)); // prettier-ignore
  // The one that another model has scored is in neither.
  expect(html).toContain('of the 900 recordings that reading-audio has scored');
  expect((await vachan(report, environment)).code).toBe(0);
  expect(readFileSync(page, 'utf8')).not.toContain('Threshold before and after calibration');
});

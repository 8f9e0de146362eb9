// Loads a model and scores with it; prints one JSON object.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../audio/agreement.mjs';

const { root, folder, rounds, batchSizes } = JSON.parse(process.argv[2]);
/** What rounding in another order explains; the unit test of the shipped model asks for the same. */
const SCORE_TOLERANCE = 1e-9;

const rssMb = () => {
  // The bench starts this with --expose-gc.
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
};
const timed = async (work) => {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
};

const { readModelFiles } = await import('#vachan/pipelines/recordings/model/model-files.js');
const { FEATURE_NAMES } = await import('#vachan/pipelines/recordings/audio/features/feature-names.js');
const files = await readModelFiles(folder);
const before = rssMb();
const runtime = await timed(() => import('#vachan/pipelines/recordings/model/load-model.js'));
const withRuntime = rssMb();
const loaded = await timed(() => runtime.value.openModel(files));
const model = loaded.value;
const withModel = rssMb();
const again = await timed(() => runtime.value.openModel(files));
await again.value.release();

const parity = readParity();
const rows = parity?.rows ?? [trainingMeans()];
const batchOf = (size) => Array.from({ length: size }, (_, row) => rows[row % rows.length]);

const disagreements = [];
const alone = [];
for (const row of rows) alone.push((await model.score([row]))[0].anomaly_score);
alone.forEach((score, row) => {
  const expected = parity?.scores[row];
  if (expected === undefined || Math.abs(score - expected) <= SCORE_TOLERANCE * Math.abs(expected)) return;
  disagreements.push(`row ${row} scores ${score}, in training it scored ${expected}`);
});

const batches = [];
for (const size of batchSizes) {
  const batch = batchOf(size);
  const times = [];
  for (let round = -2; round < rounds; round++) {
    const { value, ms } = await timed(() => model.score(batch));
    if (round >= 0) times.push(ms);
    value.forEach(({ anomaly_score: score }, row) => {
      if (score === alone[row % rows.length] || disagreements.length > 20) return;
      disagreements.push(
        `row ${row} of ${size} scores ${score}, alone it scores ${alone[row % rows.length]}`,
      );
    });
  }
  batches.push({ size, medianMs: median(times) });
}

const { name, version, features } = model.manifest;
const result = {
  model: { name, version, features: features.length },
  load: {
    runtimeMs: runtime.ms,
    modelMs: loaded.ms,
    reloadMs: again.ms,
    runtimeMb: withRuntime - before,
    modelMb: withModel - withRuntime,
    afterMb: rssMb() - withModel,
    artefactBytes: files.scaler.length + files.detector.length,
  },
  batches,
  comparedWithTraining: parity !== undefined,
  disagreements,
};
process.stdout.write(JSON.stringify(result));

/** Rows and scores that the training of the shipped model wrote; another model has none. */
function readParity() {
  const path = join(root, 'test', 'fixtures', 'model', 'parity.json');
  if (folder !== join(root, 'models', 'reading-audio') || !existsSync(path)) return undefined;
  const { rows, scores } = JSON.parse(readFileSync(path, 'utf8'));
  return { rows: rows.map((row) => Float64Array.from(row)), scores };
}

function trainingMeans() {
  const means = new Map(files.manifest.features.map(({ name, mean }) => [name, mean]));
  return Float64Array.from(FEATURE_NAMES, (name) => means.get(name) ?? 0);
}

import { SAMPLE_RATE_HZ } from '../audio/features/analysis.js';
import { FEATURE_NAMES } from '../audio/features/feature-names.js';
import type { Inference } from '../contract/result-document.js';
import { ModelInvalid } from '../../../platform/model-folder.js';
import { InvalidInput } from '../../../platform/errors.js';
import { columnsOf, type FeatureSupply, type ModelManifest } from './manifest.js';
import { readModelFiles, type ModelFiles } from './model-files.js';
import { reasonsFor } from './reasons.js';
import { openStage, type Stage } from './stage.js';

/** A loaded model: a scaler and a detector, checked against their manifest. */
export interface Model {
  readonly manifest: ModelManifest;
  /**
   * Scores recordings; the same row gets the same score in any batch.
   *
   * Blocks the thread while onnxruntime computes, so it belongs into the pool.
   *
   * @param rows one a recording, values in the order of the audio engine's feature names
   * @returns one `Inference` a row, in order
   * @throws InvalidInput when a row has another length or holds a value that is no finite number
   * @throws ModelInvalid when the detector answers with something that is no score
   */
  score(rows: readonly Float64Array[]): Promise<Inference[]>;
  /** Frees onnxruntime's memory; the model cannot be used afterwards. */
  release(): Promise<void>;
}

const AUDIO_ENGINE: FeatureSupply = { featureNames: FEATURE_NAMES, sampleRate: SAMPLE_RATE_HZ };

/**
 * Loads the model in a folder: reads it, opens it.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function loadModel(folder: string, supply: FeatureSupply = AUDIO_ENGINE): Promise<Model> {
  return openModel(await readModelFiles(folder), supply);
}

/**
 * Opens a model that was read and tries it once, so that whatever is wrong with it shows at start and not in the middle of a run.
 *
 * The scaler takes `[batch, features]` and gives the same shape in training standard deviations. The detector takes that and
 * gives `score` (`[batch]` or `[batch, 1]`, higher is more anomalous) and may give `contributions` (`[batch, features]`, what
 * each feature adds to the score, not negative), from which the reasons come; without it, the squared deviations do.
 *
 * @param supply what rows will hold
 * @throws ModelInvalid when onnxruntime cannot load it, or it takes or gives anything else
 */
export async function openModel(files: ModelFiles, supply: FeatureSupply = AUDIO_ENGINE): Promise<Model> {
  const { folder, manifest } = files;
  const columns = columnsOf(manifest, supply);
  const width = columns.length;
  const { artefacts } = manifest;
  const [scaler, detector] = await Promise.all([
    openStage(files.scaler, `${folder}: ${artefacts.scaler.file}`, width),
    openStage(files.detector, `${folder}: ${artefacts.detector.file}`, width),
  ]);
  const scaled = outputNamed(scaler, scaler.outputs[0]?.name ?? '', width, artefacts.scaler.file);
  outputNamed(detector, 'score', 1, artefacts.detector.file);
  const explains = detector.outputs.some(({ name }) => name === 'contributions');
  if (explains) outputNamed(detector, 'contributions', width, artefacts.detector.file);

  const model: Model = {
    manifest,
    async score(rows) {
      if (rows.length === 0) return [];
      const picked = pick(rows, columns, supply.featureNames);
      const deviations = (await scaler.run(picked, rows.length))[scaled] ?? new Float64Array();
      const { score, contributions } = await detector.run(deviations, rows.length);
      return rows.map((_, row) => {
        const value = score?.[row];
        if (value === undefined || !Number.isFinite(value)) {
          throw new ModelInvalid(
            `model ${manifest.name} ${manifest.version} scored row ${row} as ${String(value)}`,
          );
        }
        const slice = (matrix: Float32Array | Float64Array): Float32Array | Float64Array =>
          matrix.subarray(row * width, (row + 1) * width);
        const of = slice(deviations);
        const isAnomaly = stable(value) > manifest.threshold;
        return {
          is_anomaly: isAnomaly,
          anomaly_score: stable(value),
          prediction_label: isAnomaly ? ('anomaly' as const) : ('normal' as const),
          threshold: manifest.threshold,
          model_name: manifest.name,
          model_version: manifest.version,
          reasons: reasonsFor(
            manifest.features.map(({ name }) => name),
            of,
            contributions === undefined ? of.map((deviation) => deviation ** 2) : slice(contributions),
          ),
        };
      });
    },
    async release() {
      await Promise.all([scaler.release(), detector.release()]);
    },
  };
  await tryOnce(model, columns, supply.featureNames.length);
  return model;
}

/** Two rows of training means: a normal recording if there ever was one, and a batch that is not of one. */
async function tryOnce(model: Model, columns: readonly number[], length: number): Promise<void> {
  const row = new Float64Array(length);
  model.manifest.features.forEach(({ mean }, column) => (row[columns[column]!] = mean));
  try {
    await model.score([row, row]);
  } catch (cause) {
    if (cause instanceof ModelInvalid) throw cause;
    throw new ModelInvalid(
      `model ${model.manifest.name} ${model.manifest.version} cannot score its own training means`,
      {
        cause,
      },
    );
  }
}

/**
 * Ten digits: onnxruntime adds up a lone row in another order than a row of a batch, which shows in the sixteenth (float64). A
 * score must not depend on its company.
 */
function stable(score: number): number {
  return Number(score.toPrecision(10));
}

function outputNamed(stage: Stage, name: string, width: number, file: string): string {
  const output = stage.outputs.find((candidate) => candidate.name === name);
  if (output === undefined) {
    throw new ModelInvalid(`model artefact ${file} has no output ${JSON.stringify(name)}`);
  }
  if (output.width !== width) {
    throw new ModelInvalid(
      `model artefact ${file}: output ${name} has ${output.width} values a row, expected ${width}`,
    );
  }
  return name;
}

function pick(
  rows: readonly Float64Array[],
  columns: readonly number[],
  names: readonly string[],
): Float64Array {
  const picked = new Float64Array(rows.length * columns.length);
  rows.forEach((row, index) => {
    if (row.length !== names.length) {
      throw new InvalidInput(`row ${index} has ${row.length} features, expected ${names.length}`);
    }
    columns.forEach((position, column) => {
      const value = row[position]!;
      if (!Number.isFinite(value)) {
        throw new InvalidInput(
          `row ${index}: feature ${names[position]!} is ${value}, expected a finite number`,
        );
      }
      picked[index * columns.length + column] = value;
    });
  });
  return picked;
}

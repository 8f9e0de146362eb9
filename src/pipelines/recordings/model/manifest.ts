import { join } from 'node:path';
import { z } from 'zod';
import {
  MODEL_IDENTITY,
  ModelInvalid,
  parseModelManifest,
  readModelArtefact,
  sha256Schema,
} from '../../../platform/model-folder.js';
import { calibrationSchema } from './calibration/calibration-block.js';

/** Names of features, hashes and the statistics of the training: a hundred of ours. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Every process that scores holds both artefacts. */
export const MAX_ARTEFACT_BYTES = 512 * 1024 * 1024;

const finite = z.number().refine(Number.isFinite, 'must be a finite number');

const artefactSchema = z.object({
  /** A name in the model's folder; never a path, so that a manifest cannot reach outside it. */
  file: z.string().regex(/^[\w.-]+\.onnx$/, 'must be the name of an .onnx file beside the manifest'),
  sha256: sha256Schema,
});

const featureSchema = z.object({
  name: z.string().min(1),
  /** Mean over the training recordings, in the feature's own unit. */
  mean: finite,
  /** Standard deviation over the training recordings, in the feature's own unit. */
  std: finite.nonnegative(),
});

/** What a model's folder says of itself: which artefacts, which features in which order, which threshold, made from what. */
export const manifestSchema = z.object({
  ...MODEL_IDENTITY,
  description: z.string().optional(),
  /** Hertz of the signal that the features were computed on. */
  sample_rate: z.number().int().positive(),
  /** A score above it is an anomaly. */
  threshold: finite,
  artefacts: z.object({ scaler: artefactSchema, detector: artefactSchema }),
  /** In the order of the scaler's columns. */
  features: z.array(featureSchema).min(1),
  training_data: z
    .object({ description: z.string().min(1), recordings: z.number().int().positive() })
    .loose(),
  /** How the threshold was set, where `vachan calibrate` did. */
  calibration: calibrationSchema.optional(),
});
export type ModelManifest = z.infer<typeof manifestSchema>;

/** What the running audio engine offers to a model. */
export interface FeatureSupply {
  /** Names of a row's values, in order. */
  featureNames: readonly string[];
  /** Hertz. */
  sampleRate: number;
}

/**
 * Checks the text of a `manifest.json`.
 *
 * @param path names it in messages
 * @throws ModelInvalid when it is no JSON, or breaks the schema (every violation is named)
 */
export const parseManifest = (text: string, path: string): ModelManifest =>
  parseModelManifest(manifestSchema, text, path);

/**
 * Finds each of the model's features in the rows that the audio engine makes.
 *
 * A model may use some of the features only, but in the engine's order: two that changed places would score quietly wrong.
 *
 * @returns for each of the model's columns, its position in the engine's row
 * @throws ModelInvalid when a feature is unknown, named twice or out of order, or the sample rates differ
 */
export function columnsOf(manifest: ModelManifest, supply: FeatureSupply): number[] {
  const label = `model ${manifest.name} ${manifest.version}`;
  if (manifest.sample_rate !== supply.sampleRate) {
    throw new ModelInvalid(
      `${label} wants features of audio at ${manifest.sample_rate} Hz, but they are computed at ${supply.sampleRate} Hz`,
    );
  }
  const positions = new Map(supply.featureNames.map((name, position) => [name, position]));
  let previous = -1;
  return manifest.features.map(({ name }, column) => {
    const position = positions.get(name);
    if (position === undefined) {
      throw new ModelInvalid(`${label}: feature ${column} is ${JSON.stringify(name)}, which is not computed`);
    }
    if (position <= previous) {
      throw new ModelInvalid(
        `${label}: feature ${column} (${name}) is out of order or named twice, expected the order of the audio features`,
      );
    }
    previous = position;
    return position;
  });
}

/**
 * Reads an artefact and compares its hash with the manifest's, so that the bytes that are loaded are the bytes that were checked.
 *
 * @throws ModelInvalid when it is missing, no regular file or too large, or its SHA-256 differs
 */
export const readArtefact = (
  folder: string,
  { file, sha256 }: ModelManifest['artefacts']['scaler'],
): Buffer => readModelArtefact(join(folder, file), sha256, MAX_ARTEFACT_BYTES);

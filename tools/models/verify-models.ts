import { join } from 'node:path';
import { projectRoot } from '../stack/folders.js';
import { readGolden, type Golden } from './golden.js';
import { verifyFaces, type FacesGolden } from './verify-faces.js';
import { verifyIris, verifyMesh, type IrisGolden, type MeshGolden } from './verify-landmarks.js';
import { verifyNetwork } from './verify-network.js';
import { verifySegments, verifySpeech, type SpeechGolden } from './verify-speech.js';
import { verifyEncoder, verifyTranscript, type TranscriptGolden } from './verify-transcript.js';

/** A network agrees with its original runtime when nothing differs by more, of its greatest output. */
export const MOST_RELATIVE_DIFFERENCE = 1e-3;
/** OpenCV, by which MediaPipe samples pictures, rounds pixels and their weights: that moves a place by less. */
export const MOST_PIXELS = 0.15;
/** A sixteenth of a sample: the segments are the same. */
export const MOST_SECONDS = 4e-6;

/** One comparison of a model with its original runtime, on inputs that are kept beside it. */
export interface Comparison {
  model: string;
  /** What was compared. */
  what: string;
  /** Whose answers are the right ones, with the version. */
  original: string;
  difference: number;
  most: number;
  unit: string;
  /** How long it took, where that is measured. */
  milliseconds?: number;
}

/** Its weights are not committed: `npm run models` fetches them. */
export const FETCHED_MODEL = 'moonshine-tiny-en';

export const modelFolder = (name: string): string => join(projectRoot(), 'models', name);

const COMPARISONS: Readonly<Record<string, (model: string) => Promise<Comparison[]>>> = {
  'blazeface-full-range': compareFaces,
  'face-mesh': compareMesh,
  'iris-landmarks': compareIris,
  'silero-vad': compareSpeech,
  [FETCHED_MODEL]: compareTranscript,
};

/** Models that are compared, those whose weights have to be fetched included. */
export const MODELS = Object.keys(COMPARISONS);

/** @throws ModelInvalid when the model's folder is not as its manifest says, or its weights were not fetched */
export function compareModel(model: string): Promise<Comparison[]> {
  return COMPARISONS[model]!(model);
}

async function compareFaces(model: string): Promise<Comparison[]> {
  const golden = readGolden(modelFolder(model)) as FacesGolden;
  const pixels = await verifyFaces(modelFolder(model), golden);
  return [await compareNetwork(model, golden), inPixels(model, 'three drawn faces', golden, pixels)];
}

async function compareMesh(model: string): Promise<Comparison[]> {
  const golden = readGolden(modelFolder(model)) as MeshGolden;
  const folders = { detector: modelFolder('blazeface-full-range'), mesh: modelFolder(model) };
  const pixels = await verifyMesh(folders, golden);
  return [await compareNetwork(model, golden), inPixels(model, 'a drawn face', golden, pixels)];
}

async function compareIris(model: string): Promise<Comparison[]> {
  const golden = readGolden(modelFolder(model)) as IrisGolden;
  const pixels = await verifyIris(modelFolder(model), golden);
  return [await compareNetwork(model, golden), inPixels(model, 'drawn eyes', golden, pixels)];
}

function inPixels(model: string, what: string, golden: Golden, difference: number): Comparison {
  const original = `MediaPipe's chain on ${golden.recorded_with}`;
  return { model, what, original, difference, most: MOST_PIXELS, unit: 'pixels' };
}

async function compareNetwork(model: string, golden: Golden): Promise<Comparison> {
  const { relativeDifference, milliseconds } = await verifyNetwork(modelFolder(model), golden.network);
  return {
    model,
    what: 'network',
    original: golden.recorded_with,
    difference: relativeDifference,
    most: MOST_RELATIVE_DIFFERENCE,
    unit: 'of the greatest output',
    milliseconds,
  };
}

async function compareSpeech(model: string): Promise<Comparison[]> {
  const golden = readGolden(modelFolder(model)) as SpeechGolden;
  const { difference, milliseconds, seconds } = await verifySpeech(modelFolder(model), golden);
  const original = golden.recorded_with;
  return [
    {
      model,
      what: `${seconds.toFixed(0)} s of speech`,
      original,
      difference,
      most: MOST_RELATIVE_DIFFERENCE,
      unit: 'probability',
      milliseconds,
    },
    {
      model,
      what: 'segments',
      original: "silero-vad's own state machine",
      difference: verifySegments(golden),
      most: MOST_SECONDS,
      unit: 'seconds',
    },
  ];
}

async function compareTranscript(model: string): Promise<Comparison[]> {
  const golden = readGolden(modelFolder(model)) as TranscriptGolden;
  const original = golden.recorded_with;
  const { different, milliseconds } = await verifyTranscript(
    { speech: modelFolder('silero-vad'), words: modelFolder(model) },
    golden,
  );
  return [
    {
      model,
      what: 'encoder',
      original,
      difference: await verifyEncoder(modelFolder(model), golden),
      most: MOST_RELATIVE_DIFFERENCE,
      unit: 'of the greatest output',
    },
    { model, what: 'transcript', original, difference: different, most: 0, unit: 'segments', milliseconds },
  ];
}

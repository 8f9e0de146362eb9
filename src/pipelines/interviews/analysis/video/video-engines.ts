import { join } from 'node:path';
import type { Engine } from '../../contract/audio-part.js';
import { modelIdentity } from '../../models/model-files.js';
import { VIDEO_MODELS } from './picture-analyser.js';

/** What measures pictures. */
export type VideoEngines = Readonly<Record<keyof typeof VIDEO_MODELS, Engine>>;

/** The rules of this folder; its version rises with every change of what they say of the same samples. */
export const PICTURE_RULES: Engine = { name: 'vachan', version: '1' };

/** @throws ModelInvalid when a manifest is missing or invalid */
export function videoEngines(modelsFolder: string): VideoEngines {
  const engine = (model: string): Engine => modelIdentity(join(modelsFolder, model));
  const { faces, mesh, irises } = VIDEO_MODELS;
  return { faces: engine(faces), mesh: engine(mesh), irises: engine(irises) };
}

import { z } from 'zod';
import { MODEL_IDENTITY, sha256Schema } from '../../../platform/model-folder.js';

const artefactSchema = z.object({
  /** A name in the model's folder; never a path, so that a manifest cannot reach outside it. */
  file: z.string().regex(/^\w[\w.-]*$/, 'must be the name of a file beside the manifest'),
  bytes: z.number().int().positive(),
  sha256: sha256Schema,
});

/** What a model's folder says of itself: whose weights, from which package, and how well they agree with the original runtime. */
export const manifestSchema = z.object({
  ...MODEL_IDENTITY,
  artefacts: z.record(z.string(), artefactSchema),
});
export type ModelManifest = z.infer<typeof manifestSchema>;

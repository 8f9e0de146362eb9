import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readBoundedFile } from './bounded-file.js';
import { VachanError } from './errors.js';
import { codeOf, whyOf } from './files/file-errors.js';

/** Thrown when a model's files are missing, altered or disagree with their manifest. */
export class ModelInvalid extends VachanError {
  readonly retryable = false;
}

/** What a model's folder says of itself. */
export const MANIFEST_FILE = 'manifest.json';

/** Of an artefact's bytes, in a manifest. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

/** Which model it is, in every manifest. */
export const MODEL_IDENTITY = {
  schema_version: z.literal(1),
  name: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, dots, dashes or underscores'),
  version: z.string().regex(/^[\w.+-]+$/, 'must be letters, digits, dots, dashes, pluses or underscores'),
  licence: z.string().min(1),
};

/**
 * Checks the text of a manifest.
 *
 * @param path names it in messages
 * @throws ModelInvalid when it is no JSON, or breaks the schema (every violation is named)
 */
export function parseModelManifest<Manifest>(
  schema: z.ZodType<Manifest>,
  text: string,
  path: string,
): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelInvalid(`model manifest ${path} is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`,
  );
  throw new ModelInvalid(`model manifest ${path} is not valid: ${violations.join('; ')}`);
}

/**
 * Reads one file of a model, which somebody may have put a pipe or a device in place of.
 *
 * @param what begins the message, e.g. `model manifest`
 * @throws ModelInvalid when there is none, it is no regular file, or it is larger
 */
export function readModelFile(what: string, path: string, maxBytes: number): Buffer {
  let read: ReturnType<typeof readBoundedFile>;
  try {
    read = readBoundedFile(path, maxBytes);
  } catch (cause) {
    const why = codeOf(cause) === 'ENOENT' ? 'there is no such file' : whyOf(cause, path);
    throw new ModelInvalid(`${what} ${path} cannot be read: ${why}`, { cause });
  }
  if ('refused' in read) throw new ModelInvalid(`${what} ${path} cannot be read: ${read.refused}`);
  return read;
}

/**
 * Reads an artefact and compares its hash with the manifest's, so that the bytes that are loaded are the bytes that were checked.
 *
 * @throws ModelInvalid when it cannot be read, is larger, or its SHA-256 differs
 */
export function readModelArtefact(path: string, sha256: string, maxBytes: number): Buffer {
  const bytes = readModelFile('model artefact', path, maxBytes);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new ModelInvalid(`model artefact ${path} has SHA-256 ${actual}, expected ${sha256}`);
  }
  return bytes;
}

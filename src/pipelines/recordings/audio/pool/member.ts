/**
 * Entry of a pool member: a child process that decodes, computes features and scores, one task at a time.
 * It holds nothing of value, so the parent may kill it at any moment.
 */
import { unlinkSync } from 'node:fs';
import { AudioUndecodable } from '../../errors.js';
import { serveTasks } from '../../../../platform/children/serve-tasks.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import type { ModelFiles } from '../../model/model-files.js';
import type { ExtractedAudio } from '../audio-engine.js';
import type { AudioDecoder } from '../decode/audio-decoder.js';
import { openDecoder } from '../decode/open-decoder.js';
import { checkTagSize } from '../decode/tag-bound.js';
import { extractFeatures } from '../features/extract-features.js';
import { kernelsInUse } from '../native/native-kernels.js';
import type { MemberOptions, MemberParts, MemberTask, ModelRole, TaskResult } from './protocol.js';
import type { ScoringModel } from './scoring-model.js';
import { openScoringModel } from './scoring-model.js';
import { toWireError } from './wire-error.js';

/**
 * After a recording longer than this its garbage is collected at once: ten minutes leave 100 MB outside V8's heap, which V8 is in no hurry
 * about, and which the next such recording would add to. It takes some 10 ms, a hundredth of such a recording's time.
 */
const LONG_SECONDS = 180;

interface Member {
  decoder: AudioDecoder;
  model: ScoringModel | undefined;
  shadow: ScoringModel | { error: unknown } | undefined;
}

async function start({ limits, model, shadow }: MemberOptions): Promise<Member> {
  return {
    decoder: await openDecoder(limits),
    model: model && (await openScoringModel(model)),
    shadow: shadow && (await openShadow(shadow)),
  };
}

/** A shadow decides nothing, so what is wrong with it must not stop a member that replaces another in the middle of a run. */
async function openShadow(files: ModelFiles): Promise<Member['shadow']> {
  try {
    return await openScoringModel(files);
  } catch (error) {
    return { error };
  }
}

function partsOf({ decoder, shadow }: Member): MemberParts {
  const failed = shadow !== undefined && 'error' in shadow;
  return {
    decoder: decoder.name,
    kernels: kernelsInUse(),
    ...(failed && { shadowError: toWireError(shadow.error) }),
  };
}

/** The model that was there stays when the new one cannot be opened. */
async function load(member: Member, by: ModelRole, files: ModelFiles): Promise<void> {
  const before = member[by];
  member[by] = await openScoringModel(files);
  if (before !== undefined && 'release' in before) await before.release();
}

async function tryModel(files: ModelFiles): Promise<void> {
  const model = await openScoringModel(files);
  await model.release();
}

async function extract({ decoder }: Member, path: string, removes: boolean): Promise<ExtractedAudio> {
  checkTagSize(path);
  const started = performance.now();
  const { samples, audio } = await decoder.decode(path);
  const decoded = performance.now();
  const features = extractFeatures(samples);
  decoder.recycle?.(samples);
  // A recording in floating point may hold NaN and infinities; a model would answer nonsense.
  if (!features.every(Number.isFinite)) {
    throw new AudioUndecodable('Audio cannot be decoded: it holds samples that are not finite numbers');
  }
  if (removes) removeFile(path);
  const timingsMs = { decode: decoded - started, features: performance.now() - decoded };
  return { features, audio, timingsMs };
}

/** One that cannot be removed goes with the folder of its batch. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // As above.
  }
}

async function run(member: Member, task: MemberTask): Promise<TaskResult> {
  switch (task.kind) {
    case 'extract':
      return extract(member, task.path, task.removes);
    case 'load':
      await load(member, task.by, task.files);
      return undefined;
    case 'try':
      await tryModel(task.files);
      return undefined;
    case 'score': {
      const scoring = member[task.by];
      if (!scoring) throw new ModelInvalid('No model folder was given, so nothing can be scored');
      if ('error' in scoring) throw scoring.error;
      return scoring.score(task.rows);
    }
  }
}

serveTasks({
  start,
  partsOf,
  toWireError,
  async run(member, task: MemberTask) {
    const result = await run(member, task);
    if (result && 'audio' in result && result.audio.duration_seconds > LONG_SECONDS) globalThis.gc?.();
    return result;
  },
});

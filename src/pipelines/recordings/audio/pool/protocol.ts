import type { MemberProcess } from '../../../../platform/children/member-process.js';
import type { ProcessPool } from '../../../../platform/children/process-pool.js';
import type { WireError } from '../../../../platform/children/protocol.js';
import type { Inference } from '../../contract/result-document.js';
import type { ModelFiles } from '../../model/model-files.js';
import type { DecodeLimits } from '../decode/audio-decoder.js';
import type { ExtractedAudio } from '../audio-engine.js';
import type { KernelsInUse } from '../native/native-kernels.js';

/** What a member is told once, before anything else. */
export interface MemberOptions {
  /** Without a model the member extracts only. */
  model: ModelFiles | undefined;
  /** A second model that scores beside it. */
  shadow: ModelFiles | undefined;
  limits: DecodeLimits;
}

/** Which of a member's models: the one that decides, or the one that only watches. */
export type ModelRole = 'model' | 'shadow';

export type MemberTask =
  /** @property removes the file once its features are there */
  | { kind: 'extract'; path: string; removes: boolean }
  | { kind: 'score'; rows: readonly Float64Array[]; by: ModelRole }
  /** Puts a model in the place of the one that the member has in this role. */
  | { kind: 'load'; by: ModelRole; files: ModelFiles }
  /** Opens a model and lets go of it: whether it could be loaded. */
  | { kind: 'try'; files: ModelFiles };

/** What a member has when it is ready. A shadow that cannot be loaded keeps no member from its work. */
export interface MemberParts {
  decoder: string;
  kernels: KernelsInUse;
  shadowError?: WireError;
}

/** Of `extract`, `score`, and of the others nothing. */
export type TaskResult = ExtractedAudio | Inference[] | undefined;

export type AudioMember = MemberProcess<MemberTask, TaskResult, MemberParts>;
export type AudioPool = ProcessPool<MemberTask, TaskResult, MemberParts>;

import type { Inference } from '../../contract/result-document.js';
import type { DecodeLimits } from '../decode/audio-decoder.js';
import type { ExtractedAudio } from '../audio-engine.js';

/** What a member is told once, before anything else. */
export interface MemberOptions {
  /** Folder of the model; without one the member extracts only. */
  modelFolder: string | undefined;
  /** Folder of a second model that scores beside it. */
  shadowFolder?: string | undefined;
  limits: DecodeLimits;
}

export interface ModelName {
  name: string;
  version: string;
}

export type MemberTask =
  | { kind: 'extract'; path: string }
  | { kind: 'score'; rows: readonly Float64Array[]; by: 'model' | 'shadow' };

/** What a member has when it is ready. A shadow that cannot be loaded keeps no member from its work. */
export interface MemberParts {
  model: ModelName;
  decoder: string;
  shadow?: ModelName | { error: WireError };
}

/** From the parent to a member: options first, then one task at a time. */
export type MemberRequest =
  { kind: 'start'; options: MemberOptions } | { kind: 'task'; id: number; task: MemberTask };

/** An error's class by name, since classes do not survive the way between processes. */
export interface WireError {
  name: string;
  message: string;
}

/** From a member to the parent. */
export type MemberReply =
  | ({ kind: 'ready' } & MemberParts)
  | { kind: 'not_ready'; error: WireError }
  | { kind: 'done'; id: number; result: ExtractedAudio | Inference[]; rssBytes: number }
  | { kind: 'failed'; id: number; error: WireError; rssBytes: number };

import type { MemberProcess } from '../../../../platform/children/member-process.js';
import type { ProcessPool } from '../../../../platform/children/process-pool.js';
import type { AudioPart } from '../../contract/audio-part.js';
import type { MediaFacts } from '../../contract/media-facts.js';
import type { VideoSample } from '../../contract/video-sample.js';
import type { SpeechSegment } from '../../models/speech/speech-segments.js';
import type { TranscribeOptions, TranscriptSegment } from '../../models/transcript/transcriber.js';
import type { MediaProgress } from '../media-engine.js';
import type { MediaLimits } from '../media-limits.js';

/** What a member is told once. */
export interface MemberOptions {
  /** Folder with a folder a model. */
  models: string;
  limits: MediaLimits;
  transcriber: 'built_in' | 'off' | ParentTranscriber;
}

/** A transcriber that the parent has, which alone may reach a network. */
export interface ParentTranscriber {
  name: string;
  version: string;
  languages?: readonly string[];
}

/** `size` is of the medium in bytes, all else as `MediaEngine` says. */
export type MediaTask =
  | {
      kind: 'pass';
      size: number;
      hear: boolean;
      language: string | undefined;
      transcribe: boolean;
      sampleEvery: number | undefined;
      needs: 'video' | 'audio' | undefined;
    }
  | {
      kind: 'sample';
      size: number;
      facts: MediaFacts;
      from: number;
      to: number;
      every: number;
      frames: 'all' | 'keyframes';
    };

export type TaskResult =
  | { kind: 'pass'; facts: MediaFacts; audio: AudioPart | undefined; samples: VideoSample[] | undefined }
  | { kind: 'sample'; samples: VideoSample[] };

/** From a member, over its task; all but progress is answered by a `MediaAnswer` with the same number. */
export type MediaNote =
  | { kind: 'progress'; progress: MediaProgress }
  | { kind: 'range'; number: number; from: number; to: number }
  | {
      kind: 'transcribe';
      number: number;
      pcm16k: Float32Array;
      segments: readonly SpeechSegment[];
      options: TranscribeOptions;
    };

/** `failed` where the parent could not: why stays there. */
export type MediaAnswer =
  | { kind: 'bytes'; number: number; bytes: Uint8Array }
  | { kind: 'transcript'; number: number; segments: TranscriptSegment[] }
  | { kind: 'failed'; number: number; message: string };

export type MediaMember = MemberProcess<MediaTask, TaskResult, undefined>;
export type MediaPool = ProcessPool<MediaTask, TaskResult, undefined>;

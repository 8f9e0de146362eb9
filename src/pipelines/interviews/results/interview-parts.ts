import type { AudioPart } from '../contract/audio-part.js';
import type { MediaFacts } from '../contract/media-facts.js';
import type { VideoChunk } from '../media/plan-chunks.js';
import type { VideoSample } from '../contract/video-sample.js';

/** One attempt at one object's content: parts of another claim, or of another content, are never read. */
export interface PartsOf {
  job_id: string;
  run_id: string;
  etag: string;
}

/**
 * How a video is divided, which is decided once: its chunks, and what joins them, go by this whatever the settings of their
 * processes are.
 */
export interface IndexPart {
  facts: MediaFacts;
  chunks: readonly VideoChunk[];
  /** Seconds between two pictures. */
  every: number;
}

/** What the sequential pass has found. */
export interface PassPart {
  facts: MediaFacts;
  /** Undefined where there is no audio stream. */
  audio: AudioPart | undefined;
}

/** Samples of one time chunk, on the grid of the whole medium. */
export interface ChunkPart {
  samples: readonly VideoSample[];
}

/** What an activity returns of a part that it has put; all that Temporal learns. */
export interface PutPart {
  /** Of its text: the same measures give the same. */
  hash: string;
  /** Of the text, compressed. */
  bytes: number;
}

export type PartKind = 'index' | 'pass' | 'chunk';

/** Measures on their way to a result, in `INTERVIEW_PARTS_COLLECTION`; they vanish by age. */
export interface InterviewParts {
  /** Replaces what an earlier try has put. @throws InvalidPart for numbers that are not finite, DependencyUnavailable */
  putPass: (of: PartsOf, interviewDigest: string, part: PassPart) => Promise<PutPart>;
  putChunk: (of: PartsOf, interviewDigest: string, k: number, part: ChunkPart) => Promise<PutPart>;
  putIndex: (of: PartsOf, interviewDigest: string, part: IndexPart) => Promise<PutPart>;
  /** What of a part is there from an earlier try; @param k of a chunk */
  found: (of: PartsOf, kind: PartKind, k?: number) => Promise<PutPart | undefined>;
  /** @throws PartMissing, DependencyUnavailable */
  readIndex: (of: PartsOf) => Promise<IndexPart>;
  /** @throws PartMissing, DependencyUnavailable */
  readPass: (of: PartsOf) => Promise<PassPart>;
  /** In the order of `k`. @param chunks how many there have to be @throws PartMissing, DependencyUnavailable */
  readChunks: (of: PartsOf, chunks: number) => Promise<ChunkPart[]>;
  /** Those of these interviews. @returns how many there were */
  removeErased: (interviewDigests: readonly string[]) => Promise<number>;
  ensureIndexes: () => Promise<void>;
}

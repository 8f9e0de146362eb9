import type { MediaFacts } from '../contract/media-facts.js';
import { lastKeyframe } from './last-keyframe.js';

/** A part of a video that one activity samples. */
export interface VideoChunk {
  k: number;
  /** Seconds on the container's clock, multiples of the time between samples. */
  from: number;
  /** Exclusive. */
  to: number;
}

export interface ChunkSizes {
  /** Bytes of a chunk at most, about. */
  bytes: number;
  /** Seconds between samples. */
  every: number;
  /** Seconds of a chunk at least, about: opening the medium once more costs as much as a second of it. @default 60 */
  shortest?: number;
  /** Chunks at least, where they are no shorter for it. @default 8 */
  least?: number;
}

const SHORTEST_CHUNK_SECONDS = 60;
/** A small medium takes as long to decode and to measure as a large one of its length: some cores share it evenly, beside its sound. */
const LEAST_CHUNKS = 8;
/** Of a chunk, that may be given to the next one to begin it at a keyframe: what lies behind the keyframe is decoded once then. */
const GIVEN_AWAY = 1 / 3;

/**
 * Divides a video into chunks, which begin at keyframes where these are close enough. Together they hold each sample once.
 *
 * @returns nothing for a medium without video
 */
export function planChunks(
  { size, duration, video }: MediaFacts,
  { bytes, every, shortest = SHORTEST_CHUNK_SECONDS, least = LEAST_CHUNKS }: ChunkSizes,
): VideoChunk[] {
  if (video === undefined) return [];
  const first = Math.max(0, Math.floor(video.start / every));
  const end = Math.floor(video.end / every) + 1;
  const seconds = Math.max(shortest, Math.min((bytes / size) * duration, duration / least));
  const samples = Math.max(1, Math.round(seconds / every));
  const chunks: VideoChunk[] = [];
  for (let begin = first; begin < end;) {
    const furthest = begin + samples;
    const keyframe = lastKeyframe(video.keyframes, furthest * every);
    const entry = keyframe === undefined ? furthest : Math.ceil(keyframe.time / every);
    const isClose = furthest - entry <= samples * GIVEN_AWAY && entry > begin;
    const next = Math.min(end, isClose ? entry : furthest);
    chunks.push({ k: chunks.length, from: begin * every, to: next * every });
    begin = next;
  }
  return chunks;
}

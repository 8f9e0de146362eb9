import type { MediaFacts } from '../contract/media-facts.js';

/** A part of a video that one activity samples. */
export interface VideoChunk {
  k: number;
  /** Seconds on the container's clock, multiples of the time between samples. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** A chunk starts at the keyframe before it: at 60 s decoding that twice costs 16 %, and more with shorter chunks. */
const SHORTEST_CHUNK_SECONDS = 60;

/**
 * Divides a video into chunks of about so many bytes, each at least a minute. Together they hold each sample once.
 *
 * @param every seconds between samples
 * @param shortest seconds of a chunk at least
 * @returns nothing for a medium without video
 */
export function planChunks(
  { size, duration, video }: MediaFacts,
  chunkBytes: number,
  every: number,
  shortest = SHORTEST_CHUNK_SECONDS,
): VideoChunk[] {
  if (video === undefined) return [];
  const first = Math.max(0, Math.floor(video.start / every));
  const last = Math.floor(video.end / every);
  const seconds = Math.max(shortest, (chunkBytes / size) * duration);
  const samples = Math.max(1, Math.round(seconds / every));
  const chunks: VideoChunk[] = [];
  for (let begin = first; begin <= last; begin += samples) {
    const end = Math.min(last + 1, begin + samples);
    chunks.push({ k: chunks.length, from: begin * every, to: end * every });
  }
  return chunks;
}

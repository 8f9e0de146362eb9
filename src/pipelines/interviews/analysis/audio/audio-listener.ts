import type { AudioPart } from '../../contract/audio-part.js';

/** Decoded sound of one stream. */
export interface Sound {
  /** One array a channel, of one length; from -1 to 1. Not changed, and not held longer than `hear` takes. */
  channels: readonly Float32Array[];
  /** Samples a second. */
  rate: number;
  /** Time of the first sample, in seconds on the container's clock. */
  start: number;
}

/**
 * Hears one medium's sound from its beginning to its end, in memory that does not grow with its length. It blocks its thread while it
 * computes, so it belongs into a child of the pool.
 */
export interface AudioListener {
  /** Takes the next piece, of any length; pieces come in their order, the next one when this one is taken in. */
  hear(sound: Sound): Promise<void>;
  /** What was heard; undefined where there was no sample. Hears nothing after that. */
  end(): Promise<AudioPart | undefined>;
}

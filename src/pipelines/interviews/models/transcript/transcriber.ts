import type { SpeechSegment } from '../speech/speech-segments.js';

/** Writes down what is said. A plug: a model in the process, or a service. */
export interface Transcriber {
  readonly name: string;
  readonly version: string;
  /** ISO 639-1 codes that it knows; undefined where only asking tells. */
  readonly languages?: readonly string[];
  /**
   * @param pcm16k mono, 16 kHz, from -1 to 1; of a long recording a part of it, whose first sample is at 0 s
   * @param segments where somebody speaks, in seconds; nothing else is listened to, since models invent words in silence
   * @returns one for each segment, in their order, those without words included
   * @throws InvalidInput for a language that it does not know, or a segment that it cannot take
   */
  transcribe(
    pcm16k: Float32Array,
    segments: readonly SpeechSegment[],
    options: TranscribeOptions,
  ): Promise<TranscriptSegment[]>;
  release(): Promise<void>;
}

export interface TranscribeOptions {
  /** ISO 639-1, such as `en`. */
  language: string;
}

/** What is said in a segment; empty where that is nothing. */
export interface TranscriptSegment extends SpeechSegment {
  text: string;
}

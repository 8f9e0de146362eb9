import type { AudioPart } from '../contract/audio-part.js';
import type { MediaFacts } from '../contract/media-facts.js';
import type { VideoSample } from '../contract/video-sample.js';
import type { MediaSource } from './media-source.js';

/**
 * Reads media in child processes, which have no credentials and get their bytes from here. All methods throw `MediaRefused` for what can
 * never be analysed, `MediaChanged` when it became another object, `MediaProcessLost` when the process was lost, what the source throws,
 * and the signal's reason when it aborts: the process that was at it is ended then.
 */
export interface MediaEngine {
  /** Reads a medium once from its beginning to its end: finds out what it is, and hears it. */
  pass(source: MediaSource, options: PassOptions): Promise<MediaPass>;
  /**
   * Measures the video's samples `k` with `from <= k * every < to`, in order. Where one was already asked for, the answer is the same,
   * whatever `from` and `to` were then. Windows without a frame have no sample.
   *
   * @param facts of the same source
   */
  sampleVideo(source: MediaSource, facts: MediaFacts, options: SampleOptions): Promise<VideoSample[]>;
  /** Ends the processes, also those at work. */
  close(): Promise<void>;
}

export interface PassOptions extends TaskOptions {
  /** Hears the sound as well; without it only finds out what the medium is. @default true */
  hear?: boolean;
  /** Language of what is said, where it is known: a transcriber may not know it. */
  language?: string | undefined;
  /** Whether speech is written down. @default false */
  transcribe?: boolean;
  /** Refuses a medium without such a stream before all of it is read. */
  needs?: 'video' | 'audio';
  /** Samples the video in the same reading, each so many seconds. */
  sampleEvery?: number;
}

export interface MediaPass {
  facts: MediaFacts;
  /** Undefined where there is no sound, or it was not to be heard. */
  audio: AudioPart | undefined;
  /** Where `sampleEvery` was given and there is video. */
  samples?: VideoSample[];
}

export interface SampleOptions extends TaskOptions {
  /** Seconds on the container's clock, multiples of `every`. */
  from: number;
  /** Exclusive. */
  to: number;
  /** Seconds between samples. */
  every: number;
  /**
   * `keyframes` decodes nothing else: the sample of a window is its first keyframe then, and a window without one has none. Several
   * times faster, and what it leaves out is for a second look. @default 'all'
   */
  frames?: 'all' | 'keyframes';
}

export interface TaskOptions {
  signal?: AbortSignal | undefined;
  /** Told several times a minute while a process works on it. */
  onProgress?: (progress: MediaProgress) => void;
}

export interface MediaProgress {
  /** Seconds on the container's clock that were read. */
  seconds: number;
  /** Of the medium that were fetched. */
  bytes: number;
}

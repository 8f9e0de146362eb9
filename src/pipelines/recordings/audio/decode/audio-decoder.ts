import { AUDIO_DEFAULTS } from '../audio-defaults.js';
import type { AudioFacts } from '../../contract/result-document.js';

/** What a decoder refuses, checked while it decodes, not after. */
export interface DecodeLimits {
  /** Longest recording, in seconds of decoded sound. */
  maxSeconds: number;
  maxChannels: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxSeconds: AUDIO_DEFAULTS.maxSeconds,
  maxChannels: AUDIO_DEFAULTS.maxChannels,
};

/** A whole recording, ready for features. */
export interface DecodedAudio {
  /** Mono, 22,050 Hz, full scale 1. */
  samples: Float32Array;
  audio: AudioFacts;
}

/** Turns a file into samples. One call at a time. */
export interface AudioDecoder {
  /** For logs and `doctor`. */
  readonly name: string;
  /**
   * @throws AudioEmpty no bytes
   * @throws AudioUndecodable not audio, no audio stream, damaged, or more channels than allowed
   * @throws AudioTruncated shorter than the container states
   * @throws AudioTooLong longer than the limit
   */
  decode(path: string): Promise<DecodedAudio>;
  /** Nobody uses a recording's samples any more: the next one's may lie there. */
  recycle?(samples: Float32Array): void;
}

/** Containers that are opened, by FFmpeg's demuxer names: none of them can make FFmpeg open another file or address. */
export const DEMUXER_WHITELIST = 'wav,mp3,mov,ogg,matroska,flac,amr,amrnb,amrwb,aac,loas,aiff,caf';

/** What the resampler is laid out for: from the crudest telephone to the finest studio. */
export const SAMPLE_RATE_RANGE_HZ = { lowest: 4_000, highest: 192_000 } as const;

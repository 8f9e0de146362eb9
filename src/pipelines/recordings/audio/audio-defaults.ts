/** Limits and times of the audio engine where nobody sets others; the settings' defaults are these. */
export const AUDIO_DEFAULTS = {
  /** 20 minutes of CD-quality mono; readings are below 5 MB. */
  maxBytes: 100 * 1024 * 1024,
  /** A reading test lasts a minute or two; a pool member stays below 300 MB for ten, and needs 20 MB more for each further one. */
  maxSeconds: 600,
  /** Phones record one or two; more than 7.1 is a mistake or an attack. */
  maxChannels: 8,
  /** Ten minutes take 5 s on one core, and were seen to take 10 on a busy machine. */
  decodeTimeoutSeconds: 60,
  /** A batch of a thousand takes 0.4 s. */
  scoreTimeoutSeconds: 5,
  /** Of a member and the ffmpeg it starts. Its model and code need 155 MB, and native buffers come and go. */
  memberMemoryMb: 512,
  /** Samples, frames and features of a minute. */
  memberMemoryMbPerMinute: 20,
} as const;

/** What a member may take, in MB, where nobody sets it. */
export function memberMemoryMb(maxSeconds: number): number {
  return Math.ceil(
    AUDIO_DEFAULTS.memberMemoryMb + (AUDIO_DEFAULTS.memberMemoryMbPerMinute * maxSeconds) / 60,
  );
}

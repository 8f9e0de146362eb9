/** What a medium's index pass finds; times are seconds on the container's own clock, durations are measured from packets. */
export interface MediaFacts {
  /** The demuxer's name: mov, matroska, wav, mp3, aac, ogg, flac, amr, aiff, caf or loas. */
  container: string;
  size: number;
  /** What the container states; null where it states none, or none that can be. */
  stated_duration: number | null;
  /** From the first to the last packet's end, of all streams. */
  duration: number;
  video?: VideoFacts;
  audio?: AudioFacts;
  /** The container lies in the order of time, and none of its places are known: fragmented MP4, Matroska, WebM, raw streams. */
  sequential: boolean;
  warnings: readonly MediaWarning[];
}

export interface VideoFacts {
  codec: string;
  /** Of the upright picture. */
  width: number;
  height: number;
  /** Degrees clockwise by which the coded picture is turned to be upright. */
  rotation: 0 | 90 | 180 | 270;
  start: number;
  end: number;
  frames: number;
  keyframes: readonly Keyframe[];
  /** Frames that a frame waits for at most, decoded before it and shown after it. */
  reorder: number;
  /** Of the largest packet that is no keyframe, in each second from `floor(start)` on: a burst shows that something changed. */
  packet_bytes?: readonly number[];
}

export interface AudioFacts {
  codec: string;
  /** Samples a second. */
  rate: number;
  channels: number;
  start: number;
  end: number;
}

export interface Keyframe {
  time: number;
  /** Of its packet in the file, in bytes; -1 where the demuxer does not say. */
  position: number;
}

/** What is to be known of a medium that could be analysed all the same. */
export type MediaWarning = 'truncated' | 'damaged' | 'video_ends_early' | 'audio_ends_early' | 'size_changes';

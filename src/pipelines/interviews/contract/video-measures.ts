import type { TimeSpan } from './audio-part.js';
import type { Measure, Spread } from './measure.js';

/**
 * What the samples of a medium's picture say, all together. Ratios are shares of the seconds that have a picture; every number is
 * finite, and null where nothing was measured. docs/measures.md defines each.
 */
export interface VideoMeasures {
  sampling: PictureSampling;
  faces: FaceMeasures;
  position: PositionMeasures;
  head: HeadMeasures;
  eyes: EyeMeasures;
  picture: PictureMeasures;
}

export interface PictureSampling {
  /** Seconds between samples. */
  every: number;
  /** Samples that the picture's duration has room for. */
  expected: number;
  /** Those that were taken: a long frame, or a stretch that cannot be decoded, leaves some out. */
  taken: number;
  /** Places in which the sample before counts: a frame that lasts, or adaptive sampling has seen nothing change. */
  held: number;
}

/** Coverage: seconds sampled or held, of the picture's. A change between two samples counts as halfway between them. */
export interface FaceMeasures extends Measure {
  /** Of the seconds, those with at least one face. */
  face_present_ratio: number | null;
  /** Those with two or more. */
  multiple_faces_ratio: number | null;
  /** Seconds with each number of faces, fewest first; what is left of the duration was not measured. */
  seconds_by_count: readonly { faces: number; seconds: number }[];
  /** Where the number of faces is the same. */
  counts: readonly (TimeSpan & { faces: number })[];
  /** Without any face. */
  absent: readonly TimeSpan[];
  /** With two or more. */
  multiple: readonly TimeSpan[];
}

/** Of the largest face. Coverage: seconds with a face, of those that were measured. */
export interface PositionMeasures extends Measure {
  /** Of the box's centre, in parts of the picture's width and height from its left and top. */
  x: Spread;
  y: Spread;
  /** The box's height in parts of the picture's. */
  size: Spread;
  /** Share of the face's seconds in which a part of the box is outside the picture. */
  cut_off_ratio: number | null;
}

/** Of the largest face, in degrees. Coverage: seconds with a pose, of those with a face. */
export interface HeadMeasures extends Measure {
  /** The person's own usual pose, from which turns count. */
  own_median: { yaw: number; pitch: number; roll: number } | null;
  /** From the own median; positive to the person's left, and up. */
  yaw: Spread;
  pitch: Spread;
  /** Share of the seconds with a pose in which the head is turned. */
  turned_ratio: number | null;
  turns: readonly (TimeSpan & { direction: TurnDirection })[];
}

/** The person's own left and right. */
export type TurnDirection = 'left' | 'right' | 'up' | 'down';

/** Of the largest face. Coverage: seconds with eyes that could be measured, of those with a face. */
export interface EyeMeasures extends Measure {
  own_median: { x: number; y: number } | null;
  /** From the own median, as the irises' offset of `SampledFace.eyes`. */
  x: Spread;
  y: Spread;
  /** Share of the seconds with eyes in which they are off the own median, the head being straight or not. */
  off_ratio: number | null;
  off: readonly (TimeSpan & { direction: TurnDirection })[];
}

/** Coverage: as of faces. */
export interface PictureMeasures extends Measure {
  brightness: Spread;
  sharpness: Spread;
  /** Share of the seconds that are too dark for a face to be seen well. */
  dark_ratio: number | null;
  /** The picture stays exactly the same. */
  frozen_ratio: number | null;
  frozen: readonly TimeSpan[];
}

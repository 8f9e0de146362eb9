/**
 * What is measured of one frame. Sample k is the first frame with a time in [k·every, (k+1)·every): the same whatever
 * chunk it was decoded in.
 */
export interface VideoSample {
  k: number;
  /** Of the frame, in seconds on the container's clock. */
  time: number;
  /** Last place that it stands for as well: adaptive sampling has not looked further, as nothing had changed by the next sample. */
  until?: number;
  /** Best first. */
  faces: readonly SampledFace[];
  /** Mean luma, from 0 to 1. */
  brightness: number;
  /** Variance of the Laplacian of luma, over the picture scaled to a common size. */
  sharpness: number;
  /** Tells whether two samples show the same picture; no picture can be made of it. */
  signature: string;
}

export interface SampledFace {
  /** From 0 to 1, of the detector. */
  score: number;
  /** In parts of the upright picture's width and height. */
  box: { x: number; y: number; width: number; height: number };
  /** Degrees; undefined where no landmarks were found. Turned to the person's left, and up, are positive. */
  pose?: { yaw: number; pitch: number; roll: number };
  /** Of the irises between the eyes' corners, from -1 to 1; undefined for faces that are too small. */
  eyes?: { x: number; y: number };
}

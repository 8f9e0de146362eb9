/** A decoded picture, upright. */
export interface Picture {
  width: number;
  height: number;
  /** Red, green and blue bytes of each pixel, row by row: `width * height * 3`. */
  rgb: Uint8Array;
}

/** Pixels from the left and top edges of a picture; between pixels where it is no whole number. */
export interface Point {
  x: number;
  y: number;
}

/** Values of each frame that the kernel's `spectralShapes` writes. */
export const SHAPE_COUNT = 6;
/** Rows that its `shapeRows` makes of them: centroid, bandwidth, roll-off, flatness. */
export const SHAPE_ROWS = 4;

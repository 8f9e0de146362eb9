import type { DetectedFace } from '../../../../../src/pipelines/interviews/models/faces/decode-faces.js';
import {
  mergeOverlapping,
  overlap,
} from '../../../../../src/pipelines/interviews/models/faces/merge-overlapping.js';

const face = (score: number, x: number, side = 10): DetectedFace => ({
  score,
  box: { x, y: 0, width: side, height: side },
  points: [{ x: x + side / 2, y: side / 2 }],
});

describe('faces that overlap', () => {
  it('are one: their mean by score, with the best score', () => {
    const [merged, ...others] = mergeOverlapping([face(0.6, 2), face(0.9, 0)], 0.3);
    expect(others).toEqual([]);
    expect(merged?.score).toBe(0.9);
    expect(merged?.box.x).toBeCloseTo((0.6 * 2) / 1.5, 12);
    expect(merged?.points[0]?.x).toBeCloseTo(5 + 0.8, 12);
  });

  it('stay two where they share little, the best first', () => {
    const merged = mergeOverlapping([face(0.6, 8), face(0.9, 0)], 0.3);
    expect(merged.map(({ score }) => score)).toEqual([0.9, 0.6]);
  });

  it('go to the best face alone: its neighbour keeps what only the neighbour overlaps', () => {
    const merged = mergeOverlapping([face(0.9, 0), face(0.8, 4), face(0.7, 9)], 0.3);
    expect(merged.map(({ score }) => score)).toEqual([0.9, 0.7]);
  });

  it('share the intersection over the union of their boxes', () => {
    expect(overlap(face(1, 0).box, face(1, 5).box)).toBeCloseTo(50 / 150, 12);
    expect(overlap(face(1, 0).box, face(1, 10).box)).toBe(0);
  });
});

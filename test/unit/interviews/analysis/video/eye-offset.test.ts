import { eyeOffset } from '../../../../../src/pipelines/interviews/analysis/video/eye-offset.js';
import type { Eye } from '../../../../../src/pipelines/interviews/models/landmarks/iris-finder.js';
import type { Landmark } from '../../../../../src/pipelines/interviews/models/landmarks/landmark.js';

const at = (x: number, y: number): Landmark => ({ x, y, z: 0 });

/** 40 pixels from corner to corner. */
function eye(outer: Landmark, inner: Landmark, iris: Landmark): Eye {
  const contour = Array.from({ length: 71 }, () => at(NaN, NaN));
  contour[0] = outer;
  contour[8] = inner;
  return { iris: [iris], contour };
}

describe('the offset of the eyes', () => {
  it('is where the irises are between the corners, towards the person’s left and up', () => {
    const right = eye(at(100, 50), at(140, 50), at(130, 40));
    const left = eye(at(220, 50), at(180, 50), at(210, 40));
    expect(eyeOffset({ right, left })).toEqual({ x: 0.5, y: 0.5 });
  });

  it('is nothing where both look at the tip of the nose', () => {
    const right = eye(at(100, 50), at(140, 50), at(130, 50));
    const left = eye(at(220, 50), at(180, 50), at(190, 50));
    expect(eyeOffset({ right, left }).x).toBeCloseTo(0, 12);
  });

  it('goes with a tilted head', () => {
    const right = eye(at(100, 100), at(100, 140), at(100, 130));
    const left = eye(at(100, 220), at(100, 180), at(100, 210));
    const { x, y } = eyeOffset({ right, left });
    expect(x).toBeCloseTo(0.5, 12);
    expect(y).toBeCloseTo(0, 12);
  });

  it('never leaves the eye', () => {
    const beside = eye(at(100, 50), at(140, 50), at(170, 50));
    expect(eyeOffset({ right: beside, left: eye(at(220, 50), at(180, 50), at(250, 50)) }).x).toBe(1);
  });
});

import { RIGID_POINTS } from '../../../../../src/pipelines/interviews/analysis/video/canonical-face.js';
import { poseOf } from '../../../../../src/pipelines/interviews/analysis/video/head-pose.js';
import type { Point } from '../../../../../src/pipelines/interviews/models/picture/picture.js';

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The canonical face nodded, then turned, then tilted, and drawn without perspective. */
function drawn({ yaw = 0, pitch = 0, roll = 0 }, scale = 12): Point[] {
  const points: Point[] = Array.from({ length: 468 }, () => ({ x: NaN, y: NaN }));
  const [a, b, c] = [radians(yaw), radians(pitch), radians(roll)];
  for (const [index, x, y, z] of RIGID_POINTS) {
    const nodded = { x, y: y * Math.cos(b) + z * Math.sin(b), z: z * Math.cos(b) - y * Math.sin(b) };
    const turned = { x: nodded.x * Math.cos(a) + nodded.z * Math.sin(a), y: nodded.y };
    points[index] = {
      x: 640 + scale * (turned.x * Math.cos(c) + turned.y * Math.sin(c)),
      y: 360 - scale * (turned.y * Math.cos(c) - turned.x * Math.sin(c)),
    };
  }
  return points;
}

describe('the pose of a head', () => {
  it.each([
    { yaw: 0, pitch: 0, roll: 0 },
    { yaw: 28, pitch: 0, roll: 0 },
    { yaw: -40, pitch: 0, roll: 0 },
    { yaw: 0, pitch: 20, roll: 0 },
    { yaw: 0, pitch: 0, roll: 30 },
  ])('is found from where its points are: %o', (angles) => {
    const pose = poseOf(drawn(angles));
    expect(pose.yaw).toBeCloseTo(angles.yaw, 6);
    expect(pose.pitch).toBeCloseTo(angles.pitch, 6);
    expect(pose.roll).toBeCloseTo(angles.roll, 6);
  });

  it('is the same near the camera and far from it', () => {
    const [near, far] = [poseOf(drawn({ yaw: 15 }, 40)), poseOf(drawn({ yaw: 15 }, 4))];
    expect(near.yaw).toBeCloseTo(far.yaw, 9);
    expect(near.pitch).toBeCloseTo(far.pitch, 9);
  });
});

import { headRegion } from '../../../../../src/pipelines/interviews/models/landmarks/face-landmarker.js';
import {
  eyeRegion,
  MIN_FACE_PIXELS,
  openIrisFinder,
} from '../../../../../src/pipelines/interviews/models/landmarks/iris-finder.js';
import {
  projectLandmarks,
  type Landmark,
} from '../../../../../src/pipelines/interviews/models/landmarks/landmark.js';
import { inPicture } from '../../../../../src/pipelines/interviews/models/picture/region.js';
import { readGolden, unpackPicture } from '../../../../../tools/models/golden.js';
import { unflat, type IrisGolden } from '../../../../../tools/models/verify-landmarks.js';
import { modelFolder } from '../../../../../tools/models/verify-models.js';

describe('where the networks of landmarks look', () => {
  it('is a square around the head whose sides are as tilted as the eyes', () => {
    const eyes = [
      { x: 40, y: 40 },
      { x: 60, y: 60 },
    ];
    const region = headRegion({ score: 1, box: { x: 20, y: 30, width: 60, height: 40 }, points: eyes });
    expect(region).toEqual({ centre: { x: 50, y: 50 }, width: 90, height: 90, rotation: Math.PI / 4 });
  });

  it('is a square around the corners of an eye, which are level in it', () => {
    const landmarks = Array.from({ length: 468 }, (): Landmark => ({ x: 0, y: 0, z: 0 }));
    Object.assign(landmarks[33]!, { x: 100, y: 100 });
    Object.assign(landmarks[133]!, { x: 130, y: 90 });
    const region = eyeRegion(landmarks, 'right');
    expect(region.width).toBeCloseTo(69, 9);
    const { rotation, centre } = region;
    // Along the region's own level, the corners are as far to the left as to the right of its centre.
    expect(rotation).toBeCloseTo(Math.atan2(-10, 30), 9);
    expect(centre).toEqual({ x: 115, y: 95 });
  });
});

describe('projected landmarks', () => {
  const region = { centre: { x: 50, y: 40 }, width: 64, height: 64, rotation: 0.3 };

  it('lie where the network saw them, with their depth on the same scale', () => {
    const [landmark] = projectLandmarks(Float32Array.of(16, 48, -8), 32, region);
    expect(landmark).toEqual({ ...inPicture(region, 0.5, 1.5), z: -16 });
  });

  it('of a mirrored eye are mirrored back', () => {
    const [landmark] = projectLandmarks(Float32Array.of(8, 16, 0), 32, region, true);
    expect(landmark).toEqual({ ...inPicture(region, 0.75, 0.5), z: 0 });
  });
});

test('irises are sought in large faces alone', async () => {
  const folder = modelFolder('iris-landmarks');
  const golden = readGolden(folder) as IrisGolden;
  const picture = unpackPicture(golden.picture);
  const finder = await openIrisFinder(folder);
  const landmarks = unflat(golden.landmarks);
  const heights = landmarks.map(({ y }) => y);
  const size = Math.max(...heights) - Math.min(...heights);
  const scaled = (side: number): Landmark[] =>
    landmarks.map(({ x, y, z }) => ({ x: (x * side) / size, y: (y * side) / size, z: (z * side) / size }));
  expect(await finder.irises(picture, scaled(MIN_FACE_PIXELS - 1))).toBeUndefined();
  expect(await finder.irises(picture, scaled(MIN_FACE_PIXELS + 1))).toBeDefined();
  await finder.release();
});

import {
  openPictureAnalyser,
  type PictureAnalyser,
} from '../../../../../src/pipelines/interviews/analysis/video/picture-analyser.js';
import { videoEngines } from '../../../../../src/pipelines/interviews/analysis/video/video-engines.js';
import type { Picture } from '../../../../../src/pipelines/interviews/models/picture/picture.js';
import { readGolden, unpackPicture } from '../../../../../tools/models/golden.js';
import type { IrisGolden } from '../../../../../tools/models/verify-landmarks.js';
import { modelFolder } from '../../../../../tools/models/verify-models.js';

const models = modelFolder('.');
/** A drawn face. */
const portrait = unpackPicture((readGolden(modelFolder('iris-landmarks')) as IrisGolden).picture);

/** The portrait with its left and right swapped. */
function mirrored({ width, height, rgb }: Picture): Picture {
  const swapped = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      swapped.set(rgb.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return { width, height, rgb: swapped };
}

describe('a picture', () => {
  let analyser: PictureAnalyser;
  beforeAll(async () => {
    analyser = await openPictureAnalyser(models);
  });
  afterAll(() => analyser.release());

  it('has a face with its place, pose and eyes, the same each time', async () => {
    const first = await analyser.analyse(portrait, 7, 7.04);
    expect(first).toMatchObject({ k: 7, time: 7.04, faces: [{ pose: {}, eyes: {} }] });
    const { box } = first.faces[0]!;
    expect(box.x > 0 && box.x + box.width < 1 && box.y > 0 && box.y + box.height < 1).toBe(true);
    await analyser.analyse(mirrored(portrait), 8, 8);
    expect(await analyser.analyse(portrait, 7, 7.04)).toEqual(first);
  });

  it('that is mirrored has the head turned and tilted the other way', async () => {
    const [face] = (await analyser.analyse(portrait, 0, 0)).faces;
    const [other] = (await analyser.analyse(mirrored(portrait), 0, 0)).faces;
    expect(Math.abs(face!.pose!.yaw + other!.pose!.yaw)).toBeLessThan(4);
    expect(Math.abs(face!.pose!.roll + other!.pose!.roll)).toBeLessThan(4);
    expect(Math.abs(face!.pose!.pitch - other!.pose!.pitch)).toBeLessThan(4);
    expect(Math.abs(face!.eyes!.x + other!.eyes!.x)).toBeLessThan(0.1);
  });

  it.each([
    ['black', 0],
    ['white', 255],
  ])('that is %s has no face, and finite measures', async (_, value) => {
    const blank = { width: 320, height: 180, rgb: new Uint8Array(320 * 180 * 3).fill(value) };
    const sample = await analyser.analyse(blank, 0, 0);
    expect(sample.faces).toEqual([]);
    expect(JSON.parse(JSON.stringify(sample))).toEqual(sample);
  });

  it('with more bytes than its size says is refused', async () => {
    const wrong = { width: 10, height: 10, rgb: new Uint8Array(301) };
    await expect(analyser.analyse(wrong, 0, 0)).rejects.toThrow(
      'a picture of 10 x 10 has 301 bytes, expected 300 of RGB',
    );
  });
});

it('is measured by the models that their manifests name', () => {
  expect(videoEngines(models).faces.name).toBe('blazeface-full-range');
});

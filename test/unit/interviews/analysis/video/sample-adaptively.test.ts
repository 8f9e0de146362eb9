import fc from 'fast-check';
import { reduceVideo } from '../../../../../src/pipelines/interviews/analysis/video/reduce-video.js';
import {
  sampleAdaptively,
  type SampleVideo,
} from '../../../../../src/pipelines/interviews/analysis/video/sample-adaptively.js';
import type { VideoSample } from '../../../../../src/pipelines/interviews/contract/video-sample.js';
import { ENGINES, face, facts, OTHER_FACE, sample } from './samples.js';

/** A video of ten frames a second of which is known what each frame shows, and which of them were decoded. */
function video(end: number, keyframeTimes: readonly number[], show: (time: number) => Partial<VideoSample>) {
  const keyframes = keyframeTimes.map((time, position) => ({ time, position }));
  const decoded = new Set<number>();
  const sampleVideo: SampleVideo = ({ from, to, frames }) => {
    const times =
      frames === 'keyframes' ? keyframeTimes : Array.from({ length: end * 10 }, (_, frame) => frame / 10);
    const taken = new Map<number, VideoSample>();
    for (const time of times) {
      const k = Math.floor(time);
      if (time < from || time >= to || taken.has(k)) continue;
      decoded.add(k);
      taken.set(k, sample(k, { time, ...show(time) }));
    }
    return Promise.resolve([...taken.values()]);
  };
  return { facts: facts(end, { keyframes }), sampleVideo, decoded };
}

const everyTen = [0, 10, 20, 30, 40, 50];
const whole = { from: 0, to: 60, every: 1 };
const presence = (taken: readonly VideoSample[], of: ReturnType<typeof facts>) =>
  reduceVideo(taken, of, { every: 1, engines: ENGINES }).faces;

describe('adaptive sampling', () => {
  it('looks at keyframes alone while nothing changes, and after the last one', async () => {
    const { facts: of, sampleVideo, decoded } = video(60, everyTen, () => ({}));
    const taken = await sampleAdaptively(sampleVideo, of, whole);
    expect([...decoded].filter((k) => k < 50)).toEqual([0, 10, 20, 30, 40]);
    expect(taken.find(({ k }) => k === 20)?.until).toBe(29);
    expect(presence(taken, of)).toMatchObject({ coverage: { ratio: 1 }, face_present_ratio: 1 });
  });

  it('finds a change where full sampling finds it', async () => {
    const show = (time: number): Partial<VideoSample> =>
      time >= 23 && time < 44 ? { faces: [face(), OTHER_FACE] } : {};
    const { facts: of, sampleVideo, decoded } = video(60, everyTen, show);
    const taken = await sampleAdaptively(sampleVideo, of, whole);
    expect(presence(taken, of).multiple).toEqual([{ start: 22.5, end: 43.5 }]);
    expect(decoded.has(25) && decoded.has(45)).toBe(true);
    expect(decoded.has(15) || decoded.has(35)).toBe(false);
  });

  it.each([
    ['light', { brightness: 0.2 }],
    ['the pose of the head', { faces: [face({ pose: { yaw: 20, pitch: 0, roll: 0 } })] }],
    ['the place of the person', { faces: [face({ box: { x: 0.1, y: 0.3, width: 0.2, height: 0.3 } })] }],
    ['the presence of the person', { faces: [] }],
  ])('looks where %s changes', async (_, changed) => {
    const { facts: of, sampleVideo, decoded } = video(60, everyTen, (time) => (time >= 34 ? changed : {}));
    await sampleAdaptively(sampleVideo, of, whole);
    expect([...decoded].filter((k) => k < 50 && k % 10 !== 0)).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39]);
  });

  it('looks at all of a group so long that somebody may come and go', async () => {
    const { facts: of, sampleVideo, decoded } = video(60, [0, 25, 30], () => ({}));
    await sampleAdaptively(sampleVideo, of, whole);
    expect(decoded.has(12)).toBe(true);
    expect(decoded.has(27)).toBe(false);
  });

  it('looks where a burst of packets says that somebody came and left again', async () => {
    const show = (time: number): Partial<VideoSample> =>
      time >= 33 && time < 37 ? { faces: [face(), OTHER_FACE] } : {};
    const { facts: of, sampleVideo } = video(60, everyTen, show);
    const packetBytes = Array.from({ length: 60 }, (_, second) =>
      second === 33 ? 7500 : 180 + (second % 7),
    );
    const indexed = { ...of, video: { ...of.video!, packet_bytes: packetBytes } };
    expect(presence(await sampleAdaptively(sampleVideo, indexed, whole), of).multiple).toEqual([
      { start: 32.5, end: 36.5 },
    ]);
    // Without such an index nobody knows.
    expect(presence(await sampleAdaptively(sampleVideo, of, whole), of).multiple).toEqual([]);
  });

  it('says nothing of a medium without video', async () => {
    expect(await sampleAdaptively(() => Promise.reject(new Error('asked')), {}, whole)).toEqual([]);
  });

  it('takes the same samples in any chunks', async () => {
    const keyframeTimes = fc
      .uniqueArray(fc.nat({ max: 599 }), { minLength: 1, maxLength: 12 })
      .map((tenths) => tenths.map((tenth) => tenth / 10).sort((a, b) => a - b));
    const changes = fc.uniqueArray(fc.nat({ max: 599 }), { maxLength: 4 });
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(keyframeTimes, changes, cuts, async (keyframes, changeTimes, cutPlaces) => {
        const show = (time: number): Partial<VideoSample> => ({
          faces: changeTimes.filter((tenth) => tenth / 10 <= time).length % 2 === 0 ? [face()] : [],
        });
        const { facts: of, sampleVideo } = video(60, keyframes, show);
        const bounds = [0, ...cutPlaces.sort((a, b) => a - b), 60];
        const chunks: VideoSample[] = [];
        for (let index = 1; index < bounds.length; index++) {
          const chunk = { from: bounds[index - 1]!, to: bounds[index]!, every: 1 };
          chunks.push(...(await sampleAdaptively(sampleVideo, of, chunk)));
        }
        expect(chunks).toEqual(await sampleAdaptively(sampleVideo, of, whole));
      }),
    );
  });
});

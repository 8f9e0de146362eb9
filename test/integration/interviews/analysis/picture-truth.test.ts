import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reduceVideo } from '../../../../src/pipelines/interviews/analysis/video/reduce-video.js';
import { sampleAdaptively } from '../../../../src/pipelines/interviews/analysis/video/sample-adaptively.js';
import { videoEngines } from '../../../../src/pipelines/interviews/analysis/video/video-engines.js';
import type { TimeSpan } from '../../../../src/pipelines/interviews/contract/audio-part.js';
import type { MediaFacts } from '../../../../src/pipelines/interviews/contract/media-facts.js';
import type { VideoMeasures } from '../../../../src/pipelines/interviews/contract/video-measures.js';
import type { VideoSample } from '../../../../src/pipelines/interviews/contract/video-sample.js';
import { overlap } from '../../../../src/pipelines/interviews/models/faces/merge-overlapping.js';
import { mediaUnderTest } from '../media/media-under-test.js';

/** What is drawn in the labelled files, and how near measures of it are to be (docs/measures.md). */
const media = mediaUnderTest();
const root = join(__dirname, '../../../..');
const engines = videoEngines(join(root, 'models'));
const BOUNDARY_SECONDS = 0.5;

interface Truth {
  face_count_intervals: { start: number; end: number; faces: number }[];
  face_present_ratio: number;
  multiple_faces_ratio: number;
  boxes_every_half_second: {
    t: number;
    faces: { box: [number, number, number, number]; yaw_deg: number }[];
  }[];
}

function truthOf(file: string): Truth {
  const path = join(root, 'test/fixtures/interviews', `${file}.truth.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { video: Truth }).video;
}

async function measured(
  file: string,
): Promise<{ facts: MediaFacts; samples: VideoSample[]; measures: VideoMeasures }> {
  const source = await media.open(file);
  const { facts, samples = [] } = await media.engine.pass(source, { hear: false, sampleEvery: 1 });
  return { facts, samples, measures: reduceVideo(samples, facts, { every: 1, engines }) };
}

function expectNear(found: readonly TimeSpan[], expected: readonly TimeSpan[], seconds: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach(({ start, end }, index) => {
    expect(Math.abs(start - expected[index]!.start)).toBeLessThanOrEqual(seconds + 0.01);
    expect(Math.abs(end - expected[index]!.end)).toBeLessThanOrEqual(seconds + 0.01);
  });
}

describe.each([
  'labelled/h01_one_face.mp4',
  'labelled/h03_second_face_6_14.mp4',
  'labelled/h04_head_turns_mediarecorder.webm',
])('%s', (file) => {
  const truth = truthOf(file);
  let found: Awaited<ReturnType<typeof measured>>;

  beforeAll(async () => {
    found = await measured(file);
  });

  test('has as many faces in each sample as are drawn, and where they are drawn', () => {
    const { samples, facts } = found;
    const { width, height } = facts.video!;
    for (const { time, faces } of samples) {
      const drawn = truth.boxes_every_half_second.reduce((nearest, each) =>
        Math.abs(each.t - time) < Math.abs(nearest.t - time) ? each : nearest,
      );
      const interval = truth.face_count_intervals.find(({ start, end }) => time >= start && time < end);
      expect({ time, faces: faces.length }).toEqual({ time, faces: interval?.faces ?? 1 });
      for (const { box } of faces) {
        const pixels = {
          x: box.x * width,
          y: box.y * height,
          width: box.width * width,
          height: box.height * height,
        };
        const shared = drawn.faces.map(({ box: [x, y, w, h] }) =>
          overlap(pixels, { x, y, width: w, height: h }),
        );
        expect(Math.max(...shared)).toBeGreaterThan(0.5);
      }
    }
  });

  test('has the drawn presence and number of faces, to half a second', () => {
    const { faces } = found.measures;
    expect(faces.coverage.ratio).toBe(1);
    expect(faces.face_present_ratio).toBe(truth.face_present_ratio);
    expect(Math.abs(faces.multiple_faces_ratio! - truth.multiple_faces_ratio)).toBeLessThan(0.02);
    expect(faces.counts.map((span) => span.faces)).toEqual(
      truth.face_count_intervals.map((span) => span.faces),
    );
    expectNear(faces.counts, truth.face_count_intervals, BOUNDARY_SECONDS);
  });

  test('has the head turned where it is drawn so', () => {
    const drawn = truth.boxes_every_half_second
      .filter(({ faces }) => faces[0]!.yaw_deg !== 0)
      .map(({ t, faces }) => ({ t, direction: faces[0]!.yaw_deg > 0 ? 'left' : 'right' }));
    const turns = found.measures.head.turns;
    expect(turns.map(({ direction }) => direction)).toEqual(
      drawn.map(({ direction }) => direction).filter((each, index, all) => each !== all[index - 1]),
    );
    const spans = turns.map(({ direction }) => {
      const times = drawn.filter((each) => each.direction === direction).map(({ t }) => t);
      return { start: Math.min(...times), end: Math.max(...times) };
    });
    // Labels are half a second apart.
    expectNear(turns, spans, BOUNDARY_SECONDS + 0.5);
  });

  test('is the same measured in chunks of seven seconds', async () => {
    const source = await media.open(file);
    const chunks: VideoSample[] = [];
    for (let from = 0; from < found.facts.video!.end; from += 7) {
      chunks.push(...(await media.engine.sampleVideo(source, found.facts, { from, to: from + 7, every: 1 })));
    }
    expect(reduceVideo(chunks, found.facts, { every: 1, engines })).toEqual(found.measures);
  });

  test('has the same intervals, to a second, where keyframes are looked at first', async () => {
    const source = await media.open(file);
    const { facts, measures } = found;
    const taken = await sampleAdaptively(
      (options) => media.engine.sampleVideo(source, facts, options),
      facts,
      {
        from: 0,
        to: Math.ceil(facts.video!.end),
        every: 1,
      },
    );
    const adaptive = reduceVideo(taken, facts, { every: 1, engines });
    expect(adaptive.faces.coverage.ratio).toBe(1);
    expectNear(adaptive.faces.counts, measures.faces.counts, 1);
    expectNear(adaptive.head.turns, measures.head.turns, 1);
  });
});

test('a phone’s turned picture is upright: one face, not tilted, within it', async () => {
  const { samples, measures } = await measured('c04_rotated_270.mp4');
  expect(measures.faces.face_present_ratio).toBe(1);
  expect(Math.abs(measures.head.own_median!.roll)).toBeLessThan(10);
  for (const { faces } of samples) {
    expect(faces).toHaveLength(1);
    const { x, y, width, height } = faces[0]!.box;
    for (const edge of [x, y, x + width, y + height]) expect(edge >= 0 && edge <= 1).toBe(true);
  }
});

test('a picture that ends before the sound is measured over its own time', async () => {
  const { facts, measures } = await measured('c10_video_ends_early.mp4');
  expect(measures.faces).toMatchObject({ face_present_ratio: 1, coverage: { ratio: 1 } });
  expect(Math.abs(measures.faces.coverage.seconds - (facts.video!.end - facts.video!.start))).toBeLessThan(
    0.01,
  );
});

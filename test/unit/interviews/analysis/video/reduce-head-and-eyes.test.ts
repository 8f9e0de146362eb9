import type { VideoSample } from '../../../../../src/pipelines/interviews/contract/video-sample.js';
import { between, reduceSeconds } from './reduce-samples.js';
import { face } from './samples.js';

describe('the head', () => {
  const turned = (yaw: number, pitch = 0): Partial<VideoSample> => ({
    faces: [face({ pose: { yaw, pitch, roll: 0 } })],
  });

  it('turns from the own median, not from the camera', () => {
    const { head } = reduceSeconds(20, (k) => turned(between(k, 5, 8) ? 34 : between(k, 12, 14) ? 6 : 20));
    expect(head.own_median).toMatchObject({ yaw: 20 });
    expect(head.turns).toEqual([
      { start: 4.5, end: 7.5, direction: 'left' },
      { start: 11.5, end: 13.5, direction: 'right' },
    ]);
    expect(head.turned_ratio).toBe(0.25);
  });

  it('nods', () => {
    const { head } = reduceSeconds(10, (k) => turned(0, k === 3 ? 15 : k === 6 ? -15 : 0));
    expect(head.turns.map(({ direction }) => direction)).toEqual(['up', 'down']);
  });

  it('is that of the same person while another one comes nearer', () => {
    const near = face({
      box: { x: 0.65, y: 0.2, width: 0.3, height: 0.5 },
      pose: { yaw: 40, pitch: 0, roll: 0 },
    });
    const { head, faces } = reduceSeconds(10, (k) => (between(k, 3, 6) ? { faces: [near, face()] } : {}));
    expect(faces.multiple).toHaveLength(1);
    expect(head.turns).toEqual([]);
  });

  it('has the coverage of what has landmarks', () => {
    const { pose: _, ...blank } = face();
    const { head } = reduceSeconds(10, (k) => (k < 4 ? { faces: [blank] } : {}));
    expect(head.coverage).toEqual({ seconds: 6.5, ratio: 0.65 });
  });
});

it('finds the eyes off their own median', () => {
  const { eyes } = reduceSeconds(10, (k) => ({
    faces: [face({ eyes: { x: between(k, 4, 6) ? -0.35 : 0.05, y: 0.15 } })],
  }));
  expect(eyes.own_median).toEqual({ x: 0.05, y: 0.15 });
  expect(eyes.off).toEqual([{ start: 3.5, end: 5.5, direction: 'right' }]);
});

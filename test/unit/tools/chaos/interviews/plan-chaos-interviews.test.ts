import { planChaosInterviews } from '../../../../../tools/chaos/interviews/plan-chaos-interviews.js';

const JOBS = 300;

test('plans the same interviews by the same seed, and others by another', () => {
  const [one, again, other] = [1, 1, 2].map((seed) => planChaosInterviews({ records: JOBS, seed }));
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

test.each([1, 2, 3])('has every story, and chunks for a fifth of the jobs (seed %i)', (seed) => {
  const interviews = planChaosInterviews({ records: JOBS, seed });
  const media = interviews.flatMap((interview) => interview.media);
  expect(media.length).toBeGreaterThanOrEqual(JOBS);
  expect([...new Set(interviews.map(({ story }) => story))].sort()).toEqual(
    ['deleted', 'erased', 'extra', 'late', 'overwritten', 'plain', 'replaced'].sort(),
  );
  const chunked = media.filter(({ key }) => /c16_chromium_webm|h04_/.test(key)).length / media.length;
  expect(chunked).toBeGreaterThan(0.15);
  expect(chunked).toBeLessThan(0.3);
});

test('gives each medium a key and each interview an id of its own', () => {
  const interviews = planChaosInterviews({ records: JOBS, seed: 1 });
  const keys = interviews.flatMap(({ media }) => media.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(interviews.map(({ id }) => id)).size).toBe(interviews.length);
});

test('replaces a recording only by another one', () => {
  for (const { media } of planChaosInterviews({ records: JOBS, seed: 1 }))
    for (const { content, replacement } of media)
      if (replacement !== undefined) expect(replacement.content).not.toEqual(content);
});

import { createRandomSample, inPlayingOrder } from '../../../../src/pipelines/recordings/review/sample.js';

const IDS = Array.from({ length: 200 }, (_, index) => index.toString(16).padStart(64, '0'));

function sampleOf(seed: number, size: number, ids: readonly string[] = IDS): string[] {
  const sample = createRandomSample(seed, size);
  for (const id of ids) sample.offer(id);
  return sample.ids();
}

describe('a random sample', () => {
  test('depends on the seed and the ids alone, not on the order in which they pass by', () => {
    const chosen = sampleOf(7, 20);
    expect(chosen).toHaveLength(20);
    expect(new Set(chosen).size).toBe(20);
    expect(sampleOf(7, 20, IDS.toReversed())).toEqual(chosen);
    expect(sampleOf(8, 20)).not.toEqual(chosen);
  });

  test('takes all there are where there are fewer, and none where none is wanted', () => {
    expect(sampleOf(1, 500).toSorted()).toEqual(IDS);
    expect(sampleOf(1, 0)).toEqual([]);
    expect(sampleOf(1, 5, [])).toEqual([]);
  });

  test('changes by no more than what came later', () => {
    const before = sampleOf(3, 50, IDS.slice(0, 180));
    const after = sampleOf(3, 50);
    const later = new Set(IDS.slice(180));
    expect(after.filter((id) => !later.has(id) && !before.includes(id))).toEqual([]);
  });

  test('chooses each id about as often as any other', () => {
    const times = new Map<string, number>();
    // 2,000 samples of a tenth: 200 expected, with a standard deviation of 13.4. The seeds are fixed, so this is no matter of chance.
    for (let seed = 0; seed < 2_000; seed++) {
      for (const id of sampleOf(seed, 2, IDS.slice(0, 20))) times.set(id, (times.get(id) ?? 0) + 1);
    }
    expect(Math.min(...times.values())).toBeGreaterThan(150);
    expect(Math.max(...times.values())).toBeLessThan(250);
  });
});

describe('the playing order', () => {
  const recordings = IDS.slice(0, 100).map((id, index) => ({ id, top: index < 50 }));

  test('is the same for a seed, however the recordings were read, and another for another seed', () => {
    const order = inPlayingOrder(1, recordings);
    expect(inPlayingOrder(1, recordings.toReversed())).toEqual(order);
    expect(inPlayingOrder(2, recordings)).not.toEqual(order);
    expect(order.map(({ id }) => id).toSorted()).toEqual(recordings.map(({ id }) => id));
  });

  test('mixes the samples: each half holds about as many of both', () => {
    const firstHalf = inPlayingOrder(1, recordings).slice(0, 50);
    const top = firstHalf.filter((recording) => recording.top).length;
    expect(top).toBeGreaterThan(15);
    expect(top).toBeLessThan(35);
  });

  test('says nothing of the rank by which the random sample was chosen', () => {
    const chosen = sampleOf(1, 50).map((id) => ({ id }));
    expect(inPlayingOrder(1, chosen)).not.toEqual(chosen);
  });
});

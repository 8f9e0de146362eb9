import { decodeGreedily } from '../../../../../src/pipelines/interviews/models/transcript/decode-greedily.js';

const scoresFor = (token: number): number[] => [0, 1, 2, 3].map((index) => (index === token ? 1 : 0));

describe('greedy decoding', () => {
  it('gives each token to the next step, and leaves the first and the last out', async () => {
    const seen: number[] = [];
    const tokens = await decodeGreedily(
      (token) => {
        seen.push(token);
        return Promise.resolve(scoresFor([3, 3, 0, 2][seen.length - 1]!));
      },
      { start: 1, end: 2, most: 10 },
    );
    expect(tokens).toEqual([3, 3, 0]);
    expect(seen).toEqual([1, 3, 3, 0]);
  });

  it('ends a model that repeats itself', async () => {
    const tokens = await decodeGreedily(() => Promise.resolve(scoresFor(3)), { start: 1, end: 2, most: 5 });
    expect(tokens).toEqual([3, 3, 3, 3, 3]);
  });
});

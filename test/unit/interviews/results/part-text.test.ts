import { readPart, writePart } from '#vachan/pipelines/interviews/results/part-text.js';

describe('the text of a part', () => {
  it('comes back as it was written, under the same hash every time', async () => {
    const part = { samples: [{ k: 0, time: 0.04, note: 'é' }] };

    const [first, second] = await Promise.all([writePart(part), writePart({ ...part })]);

    expect(await readPart(first.content)).toEqual(part);
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(second.hash).toBe(first.hash);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %p by the name of its field, which JSON would make null',
    async (level) => {
      await expect(writePart({ level })).rejects.toThrow(`level: expected a finite number (got ${level})`);
    },
  );
});

import { fitsPlan, missingParts, planParts, runsOf } from '#vachan/pipelines/exports/upload/part-plan.js';
import { partBytesOf } from '#vachan/pipelines/exports/upload/upload-options.js';

const MIB = 1024 * 1024;
const stored = (partNumber: number, size = 8 * MIB) => ({ partNumber, size, etag: '"x"', crc32: undefined });

describe('the plan of parts', () => {
  it('cuts every size into at most 9,000 parts of 8 MiB or more, up to the largest object of S3', () => {
    for (const size of [8 * MIB + 1, 20 * MIB, 9_000 * 8 * MIB, 9_000 * 8 * MIB + 1, 5 * 2 ** 40]) {
      const plan = planParts(size);
      expect(plan.length).toBeLessThanOrEqual(9_000);
      expect(plan[0]).toMatchObject({ partNumber: 1, start: 0 });
      expect(plan.at(-1)).toMatchObject({ partNumber: plan.length, end: size });
      expect(plan.slice(1).every(({ start }, index) => start === plan[index]?.end)).toBe(true);
      expect(partBytesOf(size)).toBeGreaterThanOrEqual(8 * MIB);
    }
  });

  it('knows parts of another plan by their sizes', () => {
    const plan = planParts(20 * MIB);
    expect(fitsPlan(plan, [stored(1), stored(3, 4 * MIB)])).toBe(true);
    expect(fitsPlan(plan, [stored(1, 16 * MIB)])).toBe(false);
    expect(fitsPlan(plan, [stored(4)])).toBe(false);
  });

  it('says which parts are missing, neighbours together', () => {
    const missing = missingParts(planParts(60 * MIB), [stored(1), stored(4)]);
    const numbers = runsOf(missing).map((run) => run.map(({ partNumber }) => partNumber));
    expect(numbers).toEqual([
      [2, 3],
      [5, 6, 7, 8],
    ]);
  });
});

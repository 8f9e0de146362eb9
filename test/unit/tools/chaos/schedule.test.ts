import { FAULT_KINDS } from '../../../../tools/chaos/recordings/faults/index.js';
import { planFaults } from '../../../../tools/chaos/schedule.js';

const options = { seed: 7, kinds: FAULT_KINDS, forSeconds: 300, gapSeconds: 2 };

describe('a schedule of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planFaults(options)).toEqual(planFaults(options));
    expect(planFaults({ ...options, seed: 8 })).not.toEqual(planFaults(options));
  });

  test('holds every kind that was asked for, and no other', () => {
    const kindsOf = (kinds: typeof FAULT_KINDS): string[] =>
      [...new Set(planFaults({ ...options, kinds }).map(({ kind }) => kind))].sort();
    expect(kindsOf(FAULT_KINDS)).toEqual([...FAULT_KINDS].sort());
    expect(kindsOf(['hole_mongo', 'kill_worker'])).toEqual(['hole_mongo', 'kill_worker']);
  });

  test('ends in time', () => {
    const times = planFaults(options).map(({ atSeconds }) => atSeconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(options.forSeconds);
  });
});

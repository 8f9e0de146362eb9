import { trendOf } from '../../../../tools/chaos/soak/trend.js';

const bounds = { share: 0.1, amount: 5 };
/** An hour, a point a minute. */
const series = (valueAt: (minute: number) => number) =>
  Array.from({ length: 60 }, (_, minute) => ({ atSeconds: minute * 60, value: valueAt(minute) }));

describe('the trend of a series', () => {
  test('is flat where nothing changes', () => {
    expect(
      trendOf(
        series(() => 400),
        bounds,
      ),
    ).toMatchObject({ median: 400, perHour: 0, isFlat: true });
  });

  test('is not flat where something leaks', () => {
    const leak = trendOf(
      series((minute) => 400 + minute * 2),
      bounds,
    );
    expect(leak.perHour).toBeCloseTo(120);
    expect(leak.isFlat).toBe(false);
  });

  test('is flat for a saw, whose teeth fall back', () => {
    expect(
      trendOf(
        series((minute) => (minute % 10) * 300),
        bounds,
      ).isFlat,
    ).toBe(true);
  });

  test('is flat in spite of a few wild points', () => {
    expect(
      trendOf(
        series((minute) => (minute > 50 && minute < 56 ? 9000 : 400)),
        bounds,
      ).isFlat,
    ).toBe(true);
  });

  test('is flat where it falls', () => {
    expect(
      trendOf(
        series((minute) => 400 - minute),
        bounds,
      ).isFlat,
    ).toBe(true);
  });
});

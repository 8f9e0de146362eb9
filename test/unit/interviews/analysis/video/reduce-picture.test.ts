import { between, reduce, reduceSeconds } from './reduce-samples.js';
import { pictureNumber, sample } from './samples.js';

describe('the picture', () => {
  it('is frozen where it stays the same for three seconds and more', () => {
    const { picture } = reduceSeconds(20, (k) =>
      between(k, 5, 10) || between(k, 14, 16) ? { signature: pictureNumber(k < 12 ? 99 : 77) } : {},
    );
    expect(picture.frozen).toEqual([{ start: 4.5, end: 9.5 }]);
    expect(picture.frozen_ratio).toBe(0.25);
  });

  it('is frozen while no frame comes', () => {
    expect(reduce([sample(0), sample(1), sample(6), sample(7)], 8).picture.frozen).toEqual([
      { start: 0.5, end: 5.5 },
    ]);
  });

  it('is not said to be frozen where nobody looked', () => {
    const [first, second] = [sample(0, { until: 8 }), sample(9)];
    expect(reduce([first, second], 10).picture.frozen).toEqual([]);
    const same = { ...second, signature: first.signature };
    expect(reduce([first, same], 10).picture.frozen).toEqual([{ start: 0, end: 10 }]);
  });

  it('is dark below the light in which a face can be seen', () => {
    expect(reduceSeconds(10, (k) => ({ brightness: k < 5 ? 0.1 : 0.5 })).picture.dark_ratio).toBe(0.45);
  });
});

import { createRateShare } from '../../../../src/pipelines/exports/process/rate-share.js';

describe("a process's part of the API's rate", () => {
  afterEach(() => jest.useRealTimers());

  it('follows the processes that live, and stays while nobody can say', async () => {
    jest.useFakeTimers();
    const told: [string, number][] = [];
    const looks = [['a', 'b'], undefined, ['a', 'b', 'c']];
    const service = createRateShare(
      'listing',
      () => {
        const alive = looks.shift();
        if (alive === undefined) return Promise.reject(new Error('away'));
        return Promise.resolve({ alive });
      },
      { setProcesses: (kind, processes) => told.push([kind, processes]) },
    );
    const followed = [
      ['listing', 2],
      ['listing', 3],
    ];
    service.start();
    await jest.advanceTimersByTimeAsync(65_000);
    expect(told).toEqual(followed);
    await service.close();
    await jest.advanceTimersByTimeAsync(65_000);
    expect(told).toEqual(followed);
  });
});

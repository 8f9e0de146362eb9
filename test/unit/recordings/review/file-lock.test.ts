import { lock } from 'proper-lockfile';
import { holdLock } from '../../../../src/pipelines/recordings/review/verdicts/file-lock.js';

jest.mock('proper-lockfile', () => ({ lock: jest.fn() }));
const lockMock = jest.mocked(lock);
const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A lock that was lost, as when the machine slept or somebody took its folder away. */
async function lostLock(): ReturnType<typeof holdLock> {
  let lose = (): void => undefined;
  lockMock.mockImplementationOnce((_path, options) => {
    lose = () => void options!.onCompromised!(new Error('lost'));
    return Promise.resolve(() => Promise.resolve());
  });
  const held = await holdLock('/somewhere/review.csv');
  lose();
  return held;
}

beforeEach(() => lockMock.mockReset());

describe('a lock that was lost', () => {
  test('is taken again when it is free', async () => {
    const held = await lostLock();
    lockMock.mockResolvedValueOnce(() => Promise.resolve());
    await held.assert();
    await held.assert();
    expect(lockMock).toHaveBeenCalledTimes(2);
  });

  test("is another review's only where that one holds it", async () => {
    const held = await lostLock();
    lockMock.mockRejectedValueOnce(failure('ENOENT'));
    await expect(held.assert()).rejects.toMatchObject({ code: 'ENOENT' });
    lockMock.mockRejectedValueOnce(failure('ELOCKED'));
    await expect(held.assert()).rejects.toThrow('is being written by another review by now.');
  });
});

import { ConfigurationError, DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { untilAvailable } from '../../../../src/workers/until-available.js';

const NEVER = new AbortController().signal;

describe('waiting for a dependency', () => {
  test('goes on until it answers, and says so each time', async () => {
    const log = recordingLogger();
    let tries = 0;
    const attempt = (): Promise<string> =>
      ++tries < 2 ? Promise.reject(new DependencyUnavailable('not yet')) : Promise.resolve('here');
    await expect(untilAvailable(attempt, log, NEVER)).resolves.toBe('here');
    expect(log.of('dependency_unavailable')).toHaveLength(1);
  });

  test('ends at once with an error that waiting cannot fix', async () => {
    const attempt = jest.fn(() => Promise.reject(new ConfigurationError('no such namespace')));
    await expect(untilAvailable(attempt, recordingLogger(), NEVER)).rejects.toThrow('no such namespace');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('ends after so many tries, where they are limited', async () => {
    const attempt = jest.fn(() => Promise.reject(new DependencyUnavailable('a pool process was killed')));
    await expect(untilAvailable(attempt, recordingLogger(), NEVER, 2)).rejects.toThrow('was killed');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test('ends when the process is told to stop, also during its pause', async () => {
    const stop = new AbortController();
    const waiting = untilAvailable(
      () => {
        stop.abort();
        return Promise.reject(new DependencyUnavailable('not yet'));
      },
      recordingLogger(),
      stop.signal,
    );
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { createReadiness } from '../../../../src/workers/readiness.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const ok = (name: string) => ({ name, check: () => Promise.resolve() });

describe('readiness', () => {
  test('needs every check, and says of each how it went', async () => {
    const away = {
      name: 'database',
      check: () => Promise.reject(new DependencyUnavailable('MongoDB does not answer')),
    };
    await expect(createReadiness([ok('sqs'), away])()).resolves.toEqual({
      ready: false,
      checks: { sqs: 'ok', database: 'MongoDB does not answer' },
    });
    await expect(createReadiness([ok('sqs')])()).resolves.toMatchObject({ ready: true });
  });

  test('does not wait for a check that hangs', async () => {
    const hangs = { name: 'temporal', check: () => new Promise<void>(() => undefined) };
    const asked = createReadiness([ok('sqs'), hangs])();
    await jest.advanceTimersByTimeAsync(3_000);
    await expect(asked).resolves.toEqual({
      ready: false,
      checks: { sqs: 'ok', temporal: 'no answer within 3000 ms' },
    });
  });

  test('counts a check that throws at once as failed', async () => {
    const broken = {
      name: 'csv',
      check: (): Promise<void> => {
        throw new Error('no such folder');
      },
    };
    await expect(createReadiness([broken])()).resolves.toMatchObject({ checks: { csv: 'no such folder' } });
  });

  test('asks a dependency once in two seconds, however often it is asked itself', async () => {
    const check = jest.fn(() => Promise.resolve());
    const readiness = createReadiness([{ name: 'sqs', check }]);
    await Promise.all([readiness(), readiness()]);
    await jest.advanceTimersByTimeAsync(1_900);
    await readiness();
    expect(check).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(200);
    await readiness();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('sees checks that are added later', async () => {
    const checks = [ok('sqs')];
    const readiness = createReadiness(checks);
    checks.push(ok('temporal'));
    await expect(readiness()).resolves.toMatchObject({ checks: { sqs: 'ok', temporal: 'ok' } });
  });
});

import { MongoNetworkError } from 'mongodb';
import { DependencyUnavailable } from '../../../src/platform/errors.js';
import { onMongo } from '../../../src/platform/mongo-errors.js';

const failing = (error: Error): Promise<never> => onMongo('do this', () => Promise.reject(error));

describe('an operation on MongoDB that fails', () => {
  test.each([
    ['the driver', new MongoNetworkError('connection 3 to somewhere closed'), 'MongoNetworkError'],
    [
      'a socket that was reset under the driver',
      Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'write' }),
      'ECONNRESET',
    ],
  ])('can be tried again when the error is of %s', async (_whose, error, code) => {
    const failure = failing(error);
    await expect(failure).rejects.toThrow(DependencyUnavailable);
    await expect(failure).rejects.toThrow(`MongoDB could not do this: ${code}`);
  });

  test('keeps an error that is neither', async () => {
    const mistake = new TypeError('no such function');
    await expect(failing(mistake)).rejects.toBe(mistake);
  });
});

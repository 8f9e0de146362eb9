import { MongoClient, MongoNetworkError, MongoServerSelectionError, type TopologyDescription } from 'mongodb';
import { ConfigurationError, DependencyUnavailable } from '../../../../src/platform/errors.js';
import { fromSetting, onMongo } from '../../../../src/platform/mongo-errors.js';

const failing = (error: Error): Promise<never> => onMongo('do this', () => Promise.reject(error));

function noServer(code: string | undefined): Error {
  const socket = Object.assign(new Error('connect to 10.0.0.1'), { code });
  const error = code === undefined ? null : new MongoNetworkError('connect to 10.0.0.1', { cause: socket });
  const servers: unknown = { error };
  return new MongoServerSelectionError('connect to 10.0.0.1', servers as TopologyDescription);
}

describe('an operation on MongoDB that fails', () => {
  test.each([
    ['the driver', new MongoNetworkError('connection 3 to somewhere closed'), 'MongoNetworkError'],
    [
      'a socket that was reset under the driver',
      Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'write' }),
      'ECONNRESET',
    ],
    ['a server that is away', noServer('ECONNREFUSED'), 'no server answers (ECONNREFUSED)'],
    ['a replica set without a primary', noServer(undefined), 'no server answers, or none is primary'],
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

test.each([
  ['mongodb://u:hunter2@h/?speed=1', 'option speed is not supported'],
  ['mongodb://u:hunter2@h/?w=1&w=2', 'MongoInvalidArgumentError|MongoParseError|MongoAPIError'],
  ['mongodb://u:hunter2@h:99999', 'Mongo'],
])('an address that the driver refuses is named by its setting, and not shown: %s', (uri, why) => {
  const make = (): unknown => fromSetting('MONGO_URI', () => new MongoClient(uri));
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(
    new RegExp(`^MONGO_URI cannot be used: the MongoDB driver refuses it \\(.*(?:${why})`),
  );
  expect(make).not.toThrow(/hunter2/);
});

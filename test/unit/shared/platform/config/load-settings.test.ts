import { ConfigurationError } from '../../../../../src/platform/errors.js';
import { loadConfiguration, loadSettings } from '../../../../../src/platform/config/load-configuration.js';

describe('loading some of the settings', () => {
  test('asks for no other setting than those named', () => {
    const settings = loadSettings({ TASK_QUEUE: 'night', MAX_RECORDS: 'many' }, [
      'TASK_QUEUE',
      'MONGO_DB_NAME',
    ]);
    expect(settings).toEqual({ TASK_QUEUE: 'night', MONGO_DB_NAME: 'vachan' });
  });

  test('asks for the DSN of a Postgres source only where the DSN is wanted', () => {
    const environment = { DISCOVERY_SOURCE_TYPE: 'postgres' };
    expect(loadSettings(environment, ['DISCOVERY_SOURCE_TYPE']).DISCOVERY_SOURCE_TYPE).toBe('postgres');
    expect(() => loadSettings(environment, ['DISCOVERY_SOURCE_TYPE', 'POSTGRES_DSN'])).toThrow(
      /POSTGRES_DSN is not set/,
    );
  });

  test('names every wrong setting in one error', () => {
    const wrong = { MAX_RECORDS: 'many', BATCH_SIZE: '0', MONGO_URI: 'http://user:secret@host' };
    const load = (): unknown => loadConfiguration(wrong);
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/MAX_RECORDS is "many".*BATCH_SIZE is "0"/s);
    expect(load).toThrow(/MONGO_URI is refused: it does not start with mongodb/);
  });
});

import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { S3_SETTINGS } from '../../../../src/platform/config/settings/s3-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';

const SETTINGS = { ...BASE_SETTINGS, ...RECORDINGS_SETTINGS };

/** What a setting becomes when its variable holds this text. */
function read(name: keyof typeof SETTINGS, value: string): unknown {
  return loadSettings({ [name]: value }, pick(SETTINGS, name))[name];
}

const REQUIRED = { SQS_QUEUE_URL: 'https://sqs.example/1/q', MONGO_URI: 'mongodb://localhost' };

describe('values of settings', () => {
  test('the required ones alone make a configuration', () => {
    const configuration = loadSettings(REQUIRED, SETTINGS);
    expect(configuration).toMatchObject({ BATCH_SIZE: 100, SUBJECT_NAME: 'वाचन', SERVICE_MODE: 'all' });
    expect(configuration.MAX_RECORDS).toBeUndefined();
  });

  test('both required ones are asked for at once, with what they are for', () => {
    expect(() => loadSettings({}, SETTINGS)).toThrow(
      /SQS_QUEUE_URL is not set; it takes .*Queue between.*\n.*MONGO_URI is not set/s,
    );
  });

  test('an empty variable counts as not set', () => {
    expect(read('BATCH_SIZE', '')).toBe(100);
    expect(() => loadSettings({ ...REQUIRED, MONGO_URI: '' }, SETTINGS)).toThrow(/MONGO_URI is not set/);
  });

  test.each([
    ['yes', true],
    ['TRUE', true],
    ['1', true],
    ['no', false],
    ['0', false],
    ['False', false],
  ])('%s is a flag', (value, expected) => {
    expect(read('ENSURE_SOURCE_INDEXES', value)).toBe(expected);
  });

  test.each([
    ['ENSURE_SOURCE_INDEXES', 'maybe'],
    ['BATCH_SIZE', '10.5'],
    ['BATCH_SIZE', '1e3'],
    ['BATCH_SIZE', '1001'],
    ['BATCH_SIZE', ' 10'],
    ['S3_TIMEOUT_SECONDS', '-1'],
    ['S3_TIMEOUT_SECONDS', 'NaN'],
    ['SERVICE_MODE', 'everything'],
    ['SQS_QUEUE_URL', 'sqs.example/1/q'],
    ['POSTGRES_COLUMNS', 'student_id'],
  ] as const)('%s=%s is refused, naming the variable and what it takes', (name, value) => {
    expect(() => read(name, value)).toThrow(`${name} is ${JSON.stringify(value)}; it takes `);
  });

  test('the bounds themselves are allowed', () => {
    expect([read('BATCH_SIZE', '1'), read('BATCH_SIZE', '1000')]).toEqual([1, 1000]);
    expect(read('S3_TIMEOUT_SECONDS', '0.1')).toBe(0.1);
  });

  test('choices do not mind their case', () => {
    expect(read('SERVICE_MODE', 'Inference')).toBe('inference');
  });

  test('lists drop blanks and take no empty items', () => {
    expect(read('AUDIO_ALLOWED_HOSTS', ' a.example,b.example ')).toEqual(['a.example', 'b.example']);
    expect(read('AUDIO_ALLOWED_HOSTS', '')).toEqual([]);
    for (const value of [',', ' ', 'a.example,', ',a.example', 'a.example,,b.example']) {
      expect(() => read('AUDIO_ALLOWED_HOSTS', value)).toThrow(
        /AUDIO_ALLOWED_HOSTS is .*without empty items/,
      );
    }
  });

  test('pairs map names to names', () => {
    expect(read('POSTGRES_COLUMNS', 'student_id=pupil_id, udise = school')).toEqual({
      student_id: 'pupil_id',
      udise: 'school',
    });
  });

  test('a connect timeout beyond the attempt it belongs to is refused', () => {
    const timeouts = { S3_CONNECT_TIMEOUT_SECONDS: '20', S3_TIMEOUT_SECONDS: '15' };
    expect(() => loadSettings(timeouts, S3_SETTINGS)).toThrow(
      /S3_CONNECT_TIMEOUT_SECONDS is 20; it cannot exceed/,
    );
  });

  test('no wrong secret is shown', () => {
    const environment = { ...REQUIRED, POSTGRES_DSN: 'mysql://user:hunter2@host/db' };
    expect(() => loadSettings(environment, SETTINGS)).toThrow(
      /POSTGRES_DSN is refused: it does not start with postgres/,
    );
    expect(() => loadSettings(environment, SETTINGS)).not.toThrow(/hunter2/);
  });
});

import { EXPORTS_SETTINGS } from '../../../../src/pipelines/exports/settings/index.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';

const REQUIRED = {
  EXPORT_JOBS_QUEUE_URL: 'https://sqs.example/1/export-jobs',
  DOWNLOAD_TASKS_QUEUE_URL: 'https://sqs.example/1/download-tasks',
  EXPORT_OUTPUT_PREFIX: 's3://exports/objects',
  EXPORT_STATE_PREFIX: 's3://exports/state',
  EXPORT_METADATA_TABLE: 'export-metadata',
};

/** What a setting becomes when its variable holds this text. */
function read(name: keyof typeof EXPORTS_SETTINGS, value: string): unknown {
  return loadSettings({ [name]: value }, pick(EXPORTS_SETTINGS, name))[name];
}

describe('values of the settings of exports', () => {
  test('the required ones alone make a configuration', () => {
    expect(loadSettings(REQUIRED, EXPORTS_SETTINGS)).toMatchObject({
      EXPORT_OUTPUT_PREFIX: { bucket: 'exports', prefix: 'objects' },
      EXPORT_READY_DEADLINE: 86_400,
      EXPORT_YIELD_AFTER: 39_600,
      EXPORT_SPOOL: 's3',
    });
  });

  test('every name begins with the pipeline’s', () => {
    expect(Object.keys(EXPORTS_SETTINGS).filter((name) => !/^(EXPORT|DOWNLOAD_TASKS)_/.test(name))).toEqual(
      [],
    );
  });

  test.each([
    ['s3://exports/objects', 's3://exports/objects'],
    ['s3://exports/objects', 's3://exports/objects/state'],
    ['s3://exports/state/objects', 's3://exports/state/'],
    ['s3://exports', 's3://exports/state'],
  ])('output %s and state %s overlap and are refused', (output, state) => {
    const environment = { ...REQUIRED, EXPORT_OUTPUT_PREFIX: output, EXPORT_STATE_PREFIX: state };
    expect(() => loadSettings(environment, EXPORTS_SETTINGS)).toThrow(
      /EXPORT_STATE_PREFIX is s3:\/\/.* and EXPORT_OUTPUT_PREFIX is s3:\/\/.*; neither may lie in the other\./,
    );
  });

  test.each([
    ['s3://exports/state', 's3://exports/state-of-jobs'],
    ['s3://exports', 's3://export-state'],
  ])('output %s and state %s are apart', (output, state) => {
    const environment = { ...REQUIRED, EXPORT_OUTPUT_PREFIX: output, EXPORT_STATE_PREFIX: state };
    expect(() => loadSettings(environment, EXPORTS_SETTINGS)).not.toThrow();
  });

  test.each(['exports/objects', 's3:///objects', 's3://Exports/x', 's3://exports/a//b', 's3://exports/../b'])(
    '%s is no prefix',
    (value) => {
      expect(() => read('EXPORT_OUTPUT_PREFIX', value)).toThrow('it takes s3://bucket/prefix');
    },
  );

  test.each([
    ['20s', 20],
    ['5m', 300],
    ['11h', 39_600],
  ])('%s is %d seconds', (value, seconds) => {
    expect(read('EXPORT_YIELD_AFTER', value)).toBe(seconds);
  });

  test.each(['11', '12h', '0s', '1.5h', '-1h', '1 h'])('EXPORT_YIELD_AFTER=%s is refused', (value) => {
    expect(() => read('EXPORT_YIELD_AFTER', value)).toThrow('it takes a time from 1s to 11h, such as');
  });

  test.each([
    [
      'EXPORT_PRIVATE_HOSTS',
      'api:8080, 127.0.0.1:9000, [::1]:80',
      ['api:8080', '127.0.0.1:9000', '[::1]:80'],
    ],
    ['EXPORT_API_ALLOWED_HOSTS', '*.example.org,a.b:8443', ['*.example.org', 'a.b:8443']],
    ['EXPORT_TAGS', 'team=data und mehr,ü=1', { team: 'data und mehr', ü: '1' }],
    ['EXPORT_KMS_KEY', 'alias/exports', 'alias/exports'],
    ['EXPORT_STORAGE_CLASS', 'GLACIER_IR', 'GLACIER_IR'],
    ['EXPORT_BUCKET_OWNER', '000000000000', '000000000000'],
  ] as const)('%s takes %s', (name, value, expected) => {
    expect(read(name, value)).toEqual(expected);
  });

  test.each([
    ['EXPORT_PRIVATE_HOSTS', 'http://api:8080', 'hosts, with their port'],
    ['EXPORT_PRIVATE_HOSTS', '*.internal', 'hosts, with their port'],
    ['EXPORT_API_ALLOWED_HOSTS', 'https://example.org/x', 'or *.name for those below one'],
    ['EXPORT_API_ALLOWED_HOSTS', '*', 'or *.name for those below one'],
    ['EXPORT_TAGS', 'a=x#y', 'S3 takes in tags'],
    ['EXPORT_TAGS', Array.from({ length: 11 }, (_, n) => `t${n}=1`).join(), 'at most 10'],
    ['EXPORT_KMS_KEY', 'key é', 'ASCII text'],
    ['EXPORT_STORAGE_CLASS', 'standard ia', 'such as STANDARD_IA'],
    ['EXPORT_BUCKET_OWNER', 'me', '12 digits'],
  ] as const)('%s=%s is refused at the start', (name, value, expected) => {
    expect(() => read(name, value)).toThrow(expected);
  });

  test('a heartbeat beyond its own timeout is refused', () => {
    const environment = { ...REQUIRED, EXPORT_HEARTBEAT: '1m', EXPORT_HEARTBEAT_TIMEOUT: '45s' };
    expect(() => loadSettings(environment, EXPORTS_SETTINGS)).toThrow(
      'EXPORT_HEARTBEAT is 60; it cannot exceed EXPORT_HEARTBEAT_TIMEOUT, which is 45.',
    );
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ConfigurationError } from '../../../../../src/platform/errors.js';
import { readEnvironment } from '../../../../../src/platform/config/environment.js';
import { loadSettings } from '../../../../../src/platform/config/load-settings.js';
import { BASE_SETTINGS } from '../../../../../src/platform/config/base-settings.js';
import { MONGO_SETTINGS } from '../../../../../src/platform/config/settings/mongo-settings.js';
import { pick } from '../../../../../src/platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../../../../src/pipelines/recordings/settings/index.js';

const SETTINGS = { ...BASE_SETTINGS, ...RECORDINGS_SETTINGS };
const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
const folder = mkdtempSync(join(tmpdir(), 'vachan-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = 'Xy7-secret-Qw9';

const hostile = fc.oneof(
  fc.constantFrom(
    ',',
    ' , ',
    ',,',
    ' ',
    '\n',
    '\0',
    '\u001B[2J',
    '\u202Efdp',
    '=',
    'a=',
    '=b',
    'a=b,',
    '{}',
    '[]',
    'null',
    '-',
    '-0',
    '1e400',
    'NaN',
    '0x10',
    '１２',
    '../../etc/passwd',
    '__proto__',
    '__proto__=x',
    'constructor',
    'http://',
    'https://?',
    'http://[',
    'mongodb://',
    'mongodb://,',
    'mongodb://@',
    'mongodb://%zz@h',
    'postgres://',
    's3://',
    '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----',
    `${' '.repeat(20_000)}=`,
    'a='.repeat(50_000),
    '9'.repeat(100_000),
    'x'.repeat(2_000_000),
  ),
  fc.constantFrom(
    SECRET,
    `mongodb://user:${SECRET}@h/db`,
    `mongodb://user:${SECRET}#x@h/db`,
    `mongodb://user:${SECRET}/x@h/db`,
    `postgres://user:${SECRET}@`,
    `https://user:${SECRET}@h/?token=${SECRET}`,
    `s3://b/k?X-Amz-Signature=${SECRET}`,
    `ftp://${SECRET}@h`,
    `k1:${SECRET}`,
    `${SECRET}\n`,
    `,${SECRET}`,
    `a=${SECRET}=b`,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Lists that allow everything while they are empty. */
const OPEN_WHEN_EMPTY: readonly string[] = ['AUDIO_ALLOWED_BUCKETS'];

test.each(names)('%s takes a value, or refuses it in one printable line that shows no secret', (name) => {
  fc.assert(
    fc.property(hostile, (value) => {
      let loaded: Record<string, unknown>;
      try {
        loaded = loadSettings({ [name]: value }, pick(SETTINGS, name));
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        const { message } = error as Error;
        expect(message.length).toBeLessThan(2_000);
        expect(message.split('\n')).toHaveLength(2);
        expect(message.replace('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        expect(message).not.toContain(SECRET);
        return;
      }
      if (value !== '' && OPEN_WHEN_EMPTY.includes(name)) expect(loaded[name]).not.toEqual([]);
    }),
    { numRuns: 150 },
  );
});

describe('a file in place of a value', () => {
  const mongoUri = (path: string): unknown =>
    loadSettings({ MONGO_URI_FILE: path }, pick(MONGO_SETTINGS, 'MONGO_URI'));

  test.each([
    ['a pipe that nobody writes to', () => pipe('pipe'), 'it is no regular file'],
    ['a device without an end', () => '/dev/zero', 'it is no regular file'],
    ['a folder', () => folder, 'it is no regular file'],
    ['a link to a device', () => link('link', '/dev/zero'), 'it is no regular file'],
    ['a file of a terabyte', () => sparse('large', 2 ** 40), 'it is larger than 1048576 bytes'],
    ['bytes that are no text', () => file('binary', 'mongodb://h\0'), 'it is no text'],
    ['a missing file with an odd name', () => join(folder, 'no\u001B[2J'), 'ENOENT'],
  ])('%s is refused by name', (_, make, why) => {
    const path = make();
    const load = (): unknown => mongoUri(path);
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/^The configuration cannot be used:\n {2}- MONGO_URI_FILE names "[^\p{Cc}]*$/u);
    expect(load).toThrow(why);
  });

  test('and a value at once are refused, since nobody can know which is meant', () => {
    const both = {
      MONGO_URI: 'mongodb://a',
      MONGO_URI_FILE: file('uri', 'mongodb://b'),
    };
    expect(() => loadSettings(both, pick(MONGO_SETTINGS, 'MONGO_URI'))).toThrow(
      'MONGO_URI and MONGO_URI_FILE are both set',
    );
  });
});

describe('a .env in the folder', () => {
  const set = ['VACHAN_ONE', 'VACHAN_ONE_FILE', 'VACHAN_TWO', 'VACHAN_TWO_FILE'];
  afterEach(() => {
    for (const name of set) Reflect.deleteProperty(process.env, name);
  });

  test('gives way to what the environment says, whether as value or as file', () => {
    process.env['VACHAN_ONE_FILE'] = '/run/secrets/one';
    process.env['VACHAN_TWO'] = 'real';
    const here = mkdtempSync(join(folder, 'env-'));
    writeFileSync(join(here, '.env'), 'VACHAN_ONE=from .env\nVACHAN_TWO_FILE=/from/.env\n');
    const environment = readEnvironment(here);
    expect(set.map((name) => environment[name])).toEqual([undefined, '/run/secrets/one', 'real', undefined]);
  });

  test('is refused where it is a pipe or too large, and passed over where it is a folder', () => {
    const here = mkdtempSync(join(folder, 'env-'));
    execFileSync('mkfifo', [join(here, '.env')]);
    expect(() => readEnvironment(here)).toThrow(/\.env cannot be read: it is no regular file/);
    rmSync(join(here, '.env'));
    sparse(join(here, '.env'), 2 ** 40);
    expect(() => readEnvironment(here)).toThrow(/\.env cannot be read: it is larger than/);
    rmSync(join(here, '.env'));
    execFileSync('mkdir', [join(here, '.env')]);
    expect(() => readEnvironment(here)).not.toThrow();
  });
});

describe('the address of a database', () => {
  const mongoUri = (value: string): string =>
    loadSettings({ MONGO_URI: value }, pick(MONGO_SETTINGS, 'MONGO_URI')).MONGO_URI;

  test.each([
    [
      'mongodb://reader:pa#ss@db.example.org:27017/vachan',
      'mongodb://reader:pa%23ss@db.example.org:27017/vachan',
    ],
    ['mongodb://a:b@c:d?e@h1:1,h2:2/db?x=y', 'mongodb://a:b%40c:d%3Fe@h1:1,h2:2/db?x=y'],
    ['mongodb://a:%23@[::1]:27017', 'mongodb://a:%23@[::1]:27017'],
    [
      'mongodb+srv://u:p@cluster.example.net/?retryWrites=true',
      'mongodb+srv://u:p@cluster.example.net/?retryWrites=true',
    ],
    ['mongodb://h?directConnection=true', 'mongodb://h?directConnection=true'],
  ])('%s is taken, with what our driver wants escaped', (value, expected) => {
    expect(mongoUri(value)).toBe(expected);
  });

  test.each([
    ['mongodb://reader:pa', 'names no host'],
    ['mongodb://', 'names no host'],
    [`mongodb://u:${SECRET}/x@h`, 'holds a "/"'],
    [`mongodb://u:${SECRET}%@h`, 'is no escape'],
    [`mongodb://u:${SECRET} @h`, 'a space or a control character'],
    [`mysql://u:${SECRET}@h`, 'does not start with mongodb://'],
  ])('%s is refused, saying why and showing nothing', (value, why) => {
    expect(() => mongoUri(value)).toThrow(why);
    expect(() => mongoUri(value)).not.toThrow(SECRET);
  });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
function pipe(name: string): string {
  execFileSync('mkfifo', [join(folder, name)]);
  return join(folder, name);
}
function link(name: string, target: string): string {
  symlinkSync(target, join(folder, name));
  return join(folder, name);
}
function sparse(name: string, bytes: number): string {
  const path = name.startsWith('/') ? name : join(folder, name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}

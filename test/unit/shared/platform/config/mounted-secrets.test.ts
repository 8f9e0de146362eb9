import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../../../../src/platform/config/environment.js';
import { loadSettings } from '../../../../../src/platform/config/load-settings.js';
import { MONGO_SETTINGS } from '../../../../../src/platform/config/settings/mongo-settings.js';
import { pick } from '../../../../../src/platform/config/settings-table.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const mongoUri = (environment: Record<string, string>): string =>
  loadSettings(environment, pick(MONGO_SETTINGS, 'MONGO_URI')).MONGO_URI;

describe('settings from files', () => {
  test("NAME_FILE names a file with the value; an editor's last line end is no part of it", () => {
    const path = file('uri', 'mongodb://user:secret@host/\r\n');
    expect(mongoUri({ MONGO_URI_FILE: path })).toBe('mongodb://user:secret@host/');
  });

  test('a file that cannot be read is told once, by variable and path', () => {
    const missing = join(folder, 'missing');
    const load = (): unknown => mongoUri({ MONGO_URI_FILE: missing });
    expect(load).toThrow(`MONGO_URI_FILE names ${JSON.stringify(missing)}, which cannot be read: ENOENT`);
    expect(load).not.toThrow(/MONGO_URI is not set/);
  });

  test('what a file holds is not shown when it is wrong', () => {
    const path = file('wrong', 'hunter2');
    expect(() => mongoUri({ MONGO_URI_FILE: path })).toThrow(
      /MONGO_URI is refused: it does not start with mongodb/,
    );
  });
});

describe('the environment', () => {
  const names = ['VACHAN_TEST_A', 'VACHAN_TEST_B', 'VACHAN_TEST_C'];
  afterEach(() => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });

  test("is completed from .env, and behind it from the stack's .stack.env; what is set already wins", () => {
    process.env['VACHAN_TEST_A'] = 'set';
    file('.env', 'VACHAN_TEST_A=env\nVACHAN_TEST_B=env\n');
    file('.stack.env', 'VACHAN_TEST_A=stack\nVACHAN_TEST_B=stack\nVACHAN_TEST_C=stack\n');
    const environment = readEnvironment(folder);
    expect(names.map((name) => environment[name])).toEqual(['set', 'env', 'stack']);
  });
});

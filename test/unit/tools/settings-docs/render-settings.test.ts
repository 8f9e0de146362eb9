import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { parseDotenv } from '../../../../src/platform/config/dotenv.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';
import {
  allTables,
  environmentExample,
  shortTable,
  withTables,
} from '../../../../tools/settings-docs/render-settings.js';
import { MET_BY_ALL } from '../../../../tools/settings-docs/sections.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const read = (text: string): Record<string, string | undefined> =>
  Object.fromEntries(parseDotenv(text, {}).values);

const committed = (name: string): string => readFileSync(join(projectRoot(), name), 'utf8');
const rowsOf = (tables: string): string[] =>
  [...tables.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);

const SETTINGS = { ...BASE_SETTINGS, ...RECORDINGS_SETTINGS };
const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

describe('the written settings', () => {
  test('.env.example is what npm run docs:settings writes', () => {
    expect(committed('.env.example')).toBe(environmentExample());
  });

  test.each([
    ['README.md', shortTable],
    ['docs/configuration.md', allTables],
  ])('the tables of %s are what npm run docs:settings writes', (file, tables) => {
    expect(committed(file)).toBe(withTables(committed(file), tables()));
  });

  test('a document without the lines that enclose the tables is refused', () => {
    expect(() => withTables('# Vachan\n', '')).toThrow(/must hold the lines/);
  });

  test('docs/configuration.md has one row a setting, in the order of the code', () => {
    expect(rowsOf(allTables())).toEqual(names);
  });

  test('the README has the required ones and a few more', () => {
    expect(rowsOf(shortTable())).toEqual(MET_BY_ALL);
    expect(MET_BY_ALL).toEqual(expect.arrayContaining(names.filter((name) => SETTINGS[name].required)));
    expect(MET_BY_ALL.length).toBeLessThan(16);
  });

  test('an untouched copy of .env.example sets nothing, so that the stack can fill in its own', () => {
    expect(read(environmentExample())).toEqual({});
  });

  test('the defaults shown in .env.example are accepted as they stand there', () => {
    const shown = read(environmentExample().replaceAll(/^#(?=[A-Z0-9_]+=)/gm, ''));
    const withDefault = pick(SETTINGS, ...names.filter((name) => SETTINGS[name].default !== undefined));
    expect(loadSettings(shown, withDefault)).toEqual(loadSettings({}, withDefault));
  });
});

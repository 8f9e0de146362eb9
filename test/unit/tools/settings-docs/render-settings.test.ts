import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIPELINES, withSettings } from '../../../../src/pipelines/index.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { parseDotenv } from '../../../../src/platform/config/dotenv.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { pick, type SettingsTable } from '../../../../src/platform/config/settings-table.js';
import {
  allTables,
  environmentExample,
  shortTable,
  withTables,
} from '../../../../tools/settings-docs/render-settings.js';
import { MET_BY_ALL, allSections, type Section } from '../../../../tools/settings-docs/sections.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const read = (text: string): Record<string, string | undefined> =>
  Object.fromEntries(parseDotenv(text, {}).values);

const committed = (name: string): string => readFileSync(join(projectRoot(), name), 'utf8');
const rowsOf = (tables: string): string[] =>
  [...tables.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);

let sections: Section[];
let all: SettingsTable;
let names: string[];
beforeAll(async () => {
  sections = await allSections();
  const ofPipelines = (await withSettings(PIPELINES)).map(({ settings }) => settings);
  all = Object.assign({}, BASE_SETTINGS, ...ofPipelines) as SettingsTable;
  names = Object.keys(all);
});

describe('the written settings', () => {
  test('.env.example is what npm run docs:settings writes', () => {
    expect(committed('.env.example')).toBe(environmentExample(sections));
  });

  test.each([
    ['README.md', shortTable],
    ['docs/configuration.md', allTables],
  ])('the tables of %s are what npm run docs:settings writes', (file, tables) => {
    expect(committed(file)).toBe(withTables(committed(file), tables(sections)));
  });

  test('a document without the lines that enclose the tables is refused', () => {
    expect(() => withTables('# Vachan\n', '')).toThrow(/must hold the lines/);
  });

  test('docs/configuration.md has one row a setting and pipeline, in the order of the code', () => {
    const inOrder = sections.flatMap(({ groups }) => Object.values(groups).flatMap(Object.keys));
    expect(rowsOf(allTables(sections))).toEqual(inOrder);
    expect([...new Set(inOrder)].sort()).toEqual([...names].sort());
  });

  test('the README has the required ones and a few more', () => {
    expect(rowsOf(shortTable(sections))).toEqual(MET_BY_ALL);
    expect(MET_BY_ALL).toEqual(expect.arrayContaining(names.filter((name) => all[name]!.required)));
    expect(MET_BY_ALL.length).toBeLessThan(18);
  });

  test('an untouched copy of .env.example sets nothing, so that the stack can fill in its own', () => {
    expect(read(environmentExample(sections))).toEqual({});
  });

  test('the defaults shown in .env.example are accepted as they stand there', () => {
    const shown = read(environmentExample(sections).replaceAll(/^#(?=[A-Z0-9_]+=)/gm, ''));
    const withDefault = pick(all, ...names.filter((name) => all[name]!.default !== undefined));
    expect(loadSettings(shown, withDefault)).toEqual(loadSettings({}, withDefault));
  });
});

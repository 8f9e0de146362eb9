import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { RECORDINGS_SETTINGS } from '../../../../src/pipelines/recordings/settings/index.js';
import { pick } from '../../../../src/platform/config/settings-table.js';
import {
  environmentExample,
  settingsTable,
  withSettingsTable,
} from '../../../../tools/settings-docs/render-settings.js';
import { parseDotenv } from '../../../../src/platform/config/dotenv.js';

const read = (text: string): Record<string, string | undefined> =>
  Object.fromEntries(parseDotenv(text, {}).values);

const committed = (name: string): string =>
  readFileSync(join(__dirname, '..', '..', '..', '..', name), 'utf8');
const SETTINGS = { ...BASE_SETTINGS, ...RECORDINGS_SETTINGS };
const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

describe('the written settings', () => {
  test('.env.example is what npm run docs:settings writes', () => {
    expect(committed('.env.example')).toBe(environmentExample());
  });

  test("the README's table is what npm run docs:settings writes", () => {
    const readme = committed('README.md');
    expect(readme).toBe(withSettingsTable(readme));
  });

  test('a README without the lines that enclose the table is refused', () => {
    expect(() => withSettingsTable('# Vachan\n')).toThrow(/must hold the lines/);
  });

  test('the table has one row a setting', () => {
    const rows = settingsTable().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(names);
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

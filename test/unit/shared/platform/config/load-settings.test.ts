import { BASE_SETTINGS } from '../../../../../src/platform/config/base-settings.js';
import { loadSettings } from '../../../../../src/platform/config/load-settings.js';
import { databaseUri } from '../../../../../src/platform/config/secret-setting.js';
import { choice, integer } from '../../../../../src/platform/config/setting.js';
import { pick, valuesOf } from '../../../../../src/platform/config/settings-table.js';
import { ConfigurationError } from '../../../../../src/platform/errors.js';

const HOUSE = {
  HOUSE_KIND: choice(['hut', 'palace'], { default: 'hut', about: 'What is built.' }),
  HOUSE_DSN: databaseUri({ about: 'Its plan.', neededWhen: { HOUSE_KIND: 'palace' } }, ['postgres']),
} as const;
const DOORS = {
  DOORS: integer({ min: 1, max: 9 }, { required: true, about: 'How many.' }),
  DOORS_OPEN: integer({ min: 0, max: 9 }, { default: '1', about: 'Of them.', atMost: 'DOORS' }),
} as const;

describe('loading some of the settings', () => {
  test('asks for no other setting than those named', () => {
    const settings = loadSettings(
      { TASK_QUEUE: 'readings', HEALTH_PORT: 'many' },
      pick(BASE_SETTINGS, 'TASK_QUEUE', 'LOG_LEVEL'),
    );
    expect(settings).toEqual({ TASK_QUEUE: 'readings', LOG_LEVEL: 'info' });
  });

  test('takes any tables together', () => {
    expect(loadSettings({ DOORS: '3' }, HOUSE, DOORS)).toEqual({
      HOUSE_KIND: 'hut',
      DOORS: 3,
      DOORS_OPEN: 1,
    });
  });

  test('leaves a part of a process the values of its own tables only', () => {
    const loaded = loadSettings({ DOORS: '3' }, HOUSE, DOORS);
    expect(valuesOf(loaded, pick(HOUSE, 'HOUSE_KIND', 'HOUSE_DSN'))).toEqual({ HOUSE_KIND: 'hut' });
  });

  test('asks for what another setting makes needed, only where it is loaded', () => {
    const environment = { HOUSE_KIND: 'palace' };
    expect(loadSettings(environment, pick(HOUSE, 'HOUSE_KIND')).HOUSE_KIND).toBe('palace');
    expect(() => loadSettings(environment, HOUSE)).toThrow(
      'HOUSE_DSN is not set; HOUSE_KIND=palace needs it.',
    );
  });

  test('holds a number against the one that it may not exceed', () => {
    expect(() => loadSettings({ DOORS: '2', DOORS_OPEN: '3' }, DOORS)).toThrow(
      'DOORS_OPEN is 3; it cannot exceed DOORS, which is 2.',
    );
    expect(loadSettings({ DOORS_OPEN: '3' }, pick(DOORS, 'DOORS_OPEN'))).toEqual({ DOORS_OPEN: 3 });
  });

  test('names every wrong setting of all tables in one error', () => {
    const wrong = { HOUSE_KIND: 'tent', HOUSE_DSN: 'http://user:secret@host' };
    const load = (): unknown => loadSettings(wrong, HOUSE, DOORS);
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(
      /HOUSE_KIND is "tent".*HOUSE_DSN is refused: it does not start with postgres.*DOORS is not set/s,
    );
    expect(load).not.toThrow(/secret@/);
  });
});

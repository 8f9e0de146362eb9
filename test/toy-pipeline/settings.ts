import { MONGO_SETTINGS } from '#vachan/platform/config/settings/mongo-settings.js';
import { integer, text } from '#vachan/platform/config/setting.js';
import { together, type SettingsOf, type SettingsTable } from '#vachan/platform/config/settings-table.js';

/**
 * Names begin with the pipeline's, so that a process knows by them which pipelines it serves; what several take, such as
 * MONGO_URI, is nobody's own.
 */
export function toySettingGroups(name: string) {
  return { MongoDB: MONGO_SETTINGS, Numbers: numberSettings(name) };
}

/** All of them as one table. */
export function toySettings(name: string) {
  return together(toySettingGroups(name));
}

function numberSettings(name: string): SettingsTable {
  return {
    [`${name.toUpperCase()}_NUMBERS_COLLECTION`]: text({ required: true, about: 'Where the numbers lie.' }),
    [`${name.toUpperCase()}_LARGEST`]: integer(
      { min: 1, max: 1_000_000 },
      { default: '1000', about: 'A number beyond it is refused.' },
    ),
  };
}

/** The values, under names that are the same for every toy. */
export interface ToySettings extends SettingsOf<typeof MONGO_SETTINGS> {
  numbersCollection: string;
  largest: number;
}

/** @param settings checked by `toySettings` */
export function readToySettings(name: string, settings: Readonly<Record<string, unknown>>): ToySettings {
  const prefix = name.toUpperCase();
  return {
    ...(settings as unknown as SettingsOf<typeof MONGO_SETTINGS>),
    numbersCollection: settings[`${prefix}_NUMBERS_COLLECTION`] as string,
    largest: settings[`${prefix}_LARGEST`] as number,
  };
}

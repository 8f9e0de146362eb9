import type { Setting } from './setting.js';

/** Settings by the names of their environment variables. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The checked values of a table, under the same names. */
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

/** A table in parts, each under a title that says what it is about; docs/configuration.md lists them so. */
export type SettingGroups = Readonly<Record<string, SettingsTable>>;

/** Several tables as one. */
export type Together<Table> = (Table extends unknown ? (table: Table) => void : never) extends (
  all: infer All,
) => void
  ? All extends SettingsTable
    ? All
    : never
  : never;

/** The groups as one table, in their order. */
export function together<Groups extends SettingGroups>(groups: Groups): Together<Groups[keyof Groups]> {
  return Object.assign({}, ...Object.values(groups)) as Together<Groups[keyof Groups]>;
}

/** Of the values that a process has loaded, those of these tables. */
export function valuesOf<const Tables extends readonly SettingsTable[]>(
  loaded: Readonly<Record<string, unknown>>,
  ...tables: Tables
): SettingsOf<Together<Tables[number]>> {
  const names = tables.flatMap((table) => Object.keys(table)).filter((name) => Object.hasOwn(loaded, name));
  return Object.fromEntries(names.map((name) => [name, loaded[name]])) as SettingsOf<
    Together<Tables[number]>
  >;
}

/** Some settings of a table: a command that talks to Temporal only must not ask for a database. */
export function pick<Table extends SettingsTable, const Name extends keyof Table & string>(
  table: Table,
  ...names: readonly Name[]
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

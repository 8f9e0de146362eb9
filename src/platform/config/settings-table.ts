import type { Setting } from './setting.js';

/** Settings by the names of their environment variables. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The checked values of a table, under the same names. */
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

/** Some settings of a table: a command that talks to Temporal only must not ask for a database. */
export function pick<Table extends SettingsTable, const Name extends keyof Table & string>(
  table: Table,
  ...names: readonly Name[]
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

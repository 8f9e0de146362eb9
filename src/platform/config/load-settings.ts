import type { ZodError } from 'zod';
import { readBoundedFile } from '../bounded-file.js';
import { ConfigurationError } from '../errors.js';
import { preview, printable } from '../text/printable.js';
import type { Environment } from './environment.js';
import { describeS3Prefix, overlap, type S3Prefix } from './s3-prefix-setting.js';
import { SHOWABLE } from './secret-setting.js';
import type { Setting } from './setting.js';
import type { SettingsOf, SettingsTable, Together } from './settings-table.js';

/** What a mounted secret or a chain of certificates may have. */
const MAX_FILE_BYTES = 1024 * 1024;

/** More than any value has but certificates, which come from files. */
const MAX_CHARACTERS = MAX_FILE_BYTES;

/** Begins the one message that lists everything wrong with the settings. */
export const CANNOT_BE_USED = 'The configuration cannot be used:';

/**
 * Reads and checks the settings of these tables, and no others.
 *
 * Any variable may come as `NAME_FILE` holding a path, as mounted secrets do; an empty variable counts as unset.
 *
 * @throws ConfigurationError once, naming every wrong or missing variable, what it got (secrets masked) and takes
 */
export function loadSettings<const Tables extends readonly SettingsTable[]>(
  environment: Environment,
  ...tables: Tables
): SettingsOf<Together<Tables[number]>> {
  const { values, problems } = readSettings(environment, tables);
  refuseIfAny(problems);
  return values as SettingsOf<Together<Tables[number]>>;
}

/** @throws ConfigurationError that lists the problems, when there are any */
export function refuseIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new ConfigurationError(
    `${CANNOT_BE_USED}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

/** What the environment says of these settings, and everything that is wrong with it. */
export function readSettings(
  environment: Environment,
  tables: readonly SettingsTable[],
): { values: Record<string, unknown>; problems: string[] } {
  const table = Object.assign({}, ...tables) as SettingsTable;
  const problems: string[] = [];
  const values: Record<string, unknown> = {};

  for (const [name, setting] of Object.entries(table)) {
    const raw = readRaw(name, environment, problems);
    if (raw === unreadable) continue;
    const given = raw ?? setting.default;
    if (given === undefined) {
      if (setting.required)
        problems.push(`${name} is not set; it takes ${setting.expects}. ${setting.about}`);
      continue;
    }
    if (given.length > MAX_CHARACTERS) {
      problems.push(`${name} has ${given.length} characters; it takes ${setting.expects}.`);
      continue;
    }
    const parsed = setting.schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(refusal(name, setting, given, parsed.error));
  }
  for (const [name, setting] of Object.entries(table)) {
    problems.push(...dependenceProblems(name, setting, values, environment));
  }
  return { values, problems };
}

/** Whether a setting has a value, in either way; an empty variable counts as unset. */
export function isGiven(environment: Environment, name: string): boolean {
  return (given(environment, name) ?? given(environment, `${name}_FILE`)) !== undefined;
}

function dependenceProblems(
  name: string,
  { neededWhen = {}, atMost, apartFrom, environmentProblems }: Setting<unknown>,
  values: Readonly<Record<string, unknown>>,
  environment: Environment,
): string[] {
  const value = values[name];
  const bound = atMost === undefined ? undefined : values[atMost];
  return [
    ...Object.entries(neededWhen)
      .filter(([other, wanted]) => values[other] === wanted && !isGiven(environment, name))
      .map(([other, wanted]) => `${name} is not set; ${other}=${wanted} needs it.`),
    ...(typeof value === 'number' && typeof bound === 'number' && value > bound
      ? [`${name} is ${value}; it cannot exceed ${atMost}, which is ${bound}.`]
      : []),
    ...overlapProblems(name, value, apartFrom, values),
    ...(value === undefined ? [] : (environmentProblems?.(environment) ?? [])),
  ];
}

function overlapProblems(
  name: string,
  value: unknown,
  apartFrom: string | undefined,
  values: Readonly<Record<string, unknown>>,
): string[] {
  const other = apartFrom === undefined ? undefined : values[apartFrom];
  if (value === undefined || other === undefined) return [];
  const [one, two] = [value, other] as [S3Prefix, S3Prefix];
  return overlap(one, two)
    ? [
        `${name} is ${describeS3Prefix(one)} and ${apartFrom} is ${describeS3Prefix(two)}; neither may lie in the other.`,
      ]
    : [];
}

function refusal(name: string, setting: Setting<unknown>, given: string, { issues }: ZodError): string {
  const showable = issues.find((issue) => issue.code === 'custom' && issue.params === SHOWABLE);
  const secret =
    showable === undefined ? '(a secret, not shown)' : `refused: ${printable(showable.message, 300)}`;
  return `${name} is ${setting.secret ? secret : shownValue(given)}; it takes ${setting.expects}.`;
}

/**
 * A wrong value, if it can be nothing that somebody put into the wrong variable: a password or a key belongs in no
 * terminal and no log. A number, a short word and a bare host are what slips are made of, and are shown.
 */
export function shownValue(given: string): string {
  const isNumber = /^\s?[-+]?(?:\d[\d.,_]{0,11}(?:e\d{1,3})?|NaN|Infinity)\s?[a-z%]{0,3}$/i.test(given);
  const isWord = /^(?:[a-z_-]{1,12}|[A-Z_]{1,12})$/.test(given);
  const isHost = given.length <= 100 && /^[a-z-]+(?:\.[a-z-]+)+(?::\d{1,5})?(?:\/\w{0,16}){0,4}$/.test(given);
  const isPunctuation = given.length <= 12 && /^[\s,;=/.:]+$/.test(given);
  return isNumber || isWord || isHost || isPunctuation
    ? preview(given)
    : `a text of ${given.length} characters (not shown, as it may be a secret in the wrong variable)`;
}

const unreadable = Symbol('unreadable');

function readRaw(
  name: string,
  environment: Environment,
  problems: string[],
): string | undefined | typeof unreadable {
  const direct = given(environment, name);
  const path = given(environment, `${name}_FILE`);
  if (path === undefined) return direct;
  if (direct !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; give one of them.`);
    return unreadable;
  }
  const refuse = (why: string): typeof unreadable => {
    problems.push(`${name}_FILE names ${preview(path)}, which cannot be read: ${why}`);
    return unreadable;
  };
  try {
    const read = readBoundedFile(path, MAX_FILE_BYTES);
    if (!Buffer.isBuffer(read)) return refuse(`${read.refused}.`);
    const text = read.toString('utf8');
    if (text.includes('\0')) return refuse('it is no text.');
    // Editors and `echo` end files with a newline that is no part of a secret.
    return text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  } catch (error) {
    return refuse(String((error as NodeJS.ErrnoException).code));
  }
}

/** An empty variable counts as unset. */
function given(environment: Environment, name: string): string | undefined {
  return environment[name] === '' ? undefined : environment[name];
}

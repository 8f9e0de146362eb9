import type { ZodError } from 'zod';
import { preview, printable } from '../text/printable.js';
import { readBoundedFile } from '../bounded-file.js';
import { ConfigurationError } from '../errors.js';
import { SHOWABLE } from './secret-setting.js';
import type { Setting } from './setting.js';
import { SETTINGS, type Configuration, type SettingName } from './settings.js';

/** Environment variables as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a mounted secret or a chain of certificates may have. */
const MAX_FILE_BYTES = 1024 * 1024;

/** More than any value has but certificates, which come from files. */
const MAX_CHARACTERS = MAX_FILE_BYTES;

/** Begins the one message that lists everything wrong with the settings. */
export const CANNOT_BE_USED = 'The configuration cannot be used:';

/**
 * Reads and checks every setting.
 *
 * @throws ConfigurationError as {@link loadSettings} does
 */
export function loadConfiguration(environment: Environment): Configuration {
  return loadSettings(environment, Object.keys(SETTINGS) as SettingName[]);
}

/**
 * Reads and checks the settings named, and no others: a command that talks to Temporal only must not ask for a
 * database.
 *
 * Any variable may come as `NAME_FILE` holding a path, as mounted secrets do; an empty variable counts as unset.
 *
 * @throws ConfigurationError once, naming every wrong or missing variable, what it got (secrets masked) and takes
 */
export function loadSettings<const Name extends SettingName>(
  environment: Environment,
  names: readonly Name[],
): Pick<Configuration, Name> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};

  for (const name of names) {
    const setting: Setting<unknown> = SETTINGS[name];
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

  problems.push(...crossChecks(values, names));
  if (Object.hasOwn(values, 'AWS_REGION')) problems.push(...awsKeyProblems(environment));
  if (problems.length > 0) {
    throw new ConfigurationError(
      `${CANNOT_BE_USED}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  return values as Pick<Configuration, Name>;
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
function shownValue(given: string): string {
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

/**
 * Access to AWS comes from a role: keys in an environment or a file are copied, logged and never rotated. Another
 * endpoint's keys (the embedded stack, LocalStack) are no secret, and keys with a session token expire by themselves.
 */
function awsKeyProblems(environment: Environment): string[] {
  const set = (name: string): boolean => environment[name] !== undefined && environment[name] !== '';
  if (set('AWS_ENDPOINT_URL') || set('AWS_SESSION_TOKEN')) return [];
  return ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    .filter(set)
    .map(
      (name) =>
        `${name} is set; long-lived AWS keys are not taken. Give this process an IAM role (infra/iam), or a session of one (aws sso login).`,
    );
}

function crossChecks(values: Partial<Configuration>, names: readonly SettingName[]): string[] {
  const problems: string[] = [];
  const wantsDsn = values.DISCOVERY_SOURCE_TYPE === 'postgres' && names.includes('POSTGRES_DSN');
  if (wantsDsn && values.POSTGRES_DSN === undefined) {
    problems.push('POSTGRES_DSN is not set; DISCOVERY_SOURCE_TYPE=postgres needs it.');
  }
  const { S3_CONNECT_TIMEOUT_SECONDS: connect, S3_TIMEOUT_SECONDS: total } = values;
  if (connect !== undefined && total !== undefined && connect > total) {
    problems.push(
      `S3_CONNECT_TIMEOUT_SECONDS is ${connect}; it cannot exceed S3_TIMEOUT_SECONDS, which is ${total}.`,
    );
  }
  return problems;
}

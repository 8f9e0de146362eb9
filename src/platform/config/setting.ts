import { z } from 'zod';
import type { Environment } from './environment.js';

/** How a setting depends on others, which are looked at where they are loaded along with it. */
export interface Dependence {
  /** It must be set where these settings have these values. */
  neededWhen?: Readonly<Record<string, string>>;
  /** The setting, a number like this one, that it may not exceed. */
  atMost?: string;
  /** The setting, a folder of a bucket like this one, that it may neither hold nor lie in. */
  apartFrom?: string;
  /** What else in the environment goes against it, as whole sentences. */
  environmentProblems?: (environment: Environment) => string[];
}

/** One setting: everything that is known of it, in one place. */
export interface Setting<T> extends Dependence {
  schema: z.ZodType<T>;
  /** Text as it would stand in the environment; undefined means that the setting is required or may be absent. */
  default: string | undefined;
  required: boolean;
  /** What a reader should put here, e.g. "a whole number from 1 to 1000". */
  expects: string;
  /** What it does and why the default is what it is; one or two sentences for the table of docs/configuration.md. */
  about: string;
  /** Values of secret settings never appear in a message or a log. */
  secret: boolean;
}

/** What a setting's maker is told of it. */
export interface Described extends Dependence {
  about: string;
  default?: string;
  required?: boolean;
  secret?: boolean;
}

function setting<T>(schema: z.ZodType<T>, expects: string, described: Described): Setting<T> {
  return {
    ...described,
    schema,
    expects,
    default: described.default,
    required: described.required ?? false,
    secret: described.secret ?? false,
  };
}

/** A setting with a default or `required` is never undefined; any other may be. */
export type ValueOf<T, D extends Described> = D extends { default: string } | { required: true }
  ? T
  : T | undefined;

export function optionalUnless<T, D extends Described>(
  schema: z.ZodType<T>,
  expects: string,
  described: D,
): Setting<ValueOf<T, D>> {
  const guaranteed = described.required === true || described.default !== undefined;
  return setting((guaranteed ? schema : schema.optional()) as z.ZodType<ValueOf<T, D>>, expects, described);
}

/** A line break or NUL in a name comes from a slip, and goes wrong far from here. */
const oneLine = (value: string): boolean => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value);

export function text<const D extends Described>(
  described: D,
  maxCharacters = 1024,
): Setting<ValueOf<string, D>> {
  const expects = maxCharacters === 1024 ? 'text' : `text of at most ${maxCharacters} characters`;
  return optionalUnless(z.string().min(1).max(maxCharacters).refine(oneLine), expects, described);
}

/** Text of one form. */
export function matching<const D extends Described>(
  pattern: RegExp,
  expects: string,
  described: D,
): Setting<ValueOf<string, D>> {
  return optionalUnless(z.string().regex(pattern), expects, described);
}

export function timeZone<const D extends Described>(described: D): Setting<ValueOf<string, D>> {
  return optionalUnless(
    z.string().refine(isTimeZone),
    'a time zone by its IANA name, such as Asia/Kolkata',
    described,
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function url<const D extends Described>(
  described: D,
  protocols: readonly string[],
): Setting<ValueOf<string, D>> {
  const schema = z
    .string()
    .refine((value) => protocols.some((protocol) => value.startsWith(`${protocol}://`)))
    .refine((value) => oneLine(value) && URL.canParse(value) && new URL(value).hostname !== '');
  return optionalUnless(
    schema,
    `a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    described,
  );
}

export function integer<const D extends Described>(
  bounds: { min: number; max: number },
  described: D,
): Setting<ValueOf<number, D>> {
  const schema = z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(bounds.min).max(bounds.max));
  return optionalUnless(schema, `a whole number from ${bounds.min} to ${bounds.max}`, described);
}

export function decimal<const D extends Described>(
  bounds: { min: number; max: number },
  described: D,
): Setting<ValueOf<number, D>> {
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(bounds.min).max(bounds.max));
  return optionalUnless(schema, `a number from ${bounds.min} to ${bounds.max}`, described);
}

export function flag<const D extends Described>(described: D): Setting<ValueOf<boolean, D>> {
  const schema = z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no']))
    .transform((value) => ['true', '1', 'yes'].includes(value));
  return optionalUnless(schema, 'true or false', described);
}

export function choice<const V extends readonly [string, ...string[]], const D extends Described>(
  values: V,
  described: D,
): Setting<ValueOf<V[number], D>> {
  const schema = z
    .string()
    .toLowerCase()
    .pipe(z.enum(values as unknown as [V[number], ...V[number][]]));
  return optionalUnless(schema as z.ZodType<V[number]>, `one of ${values.join(', ')}`, described);
}

/**
 * Comma-separated; blanks around items are dropped. An empty item is refused: `","` would allow everything where an
 * empty list does.
 */
export function list<const D extends Described>(described: D): Setting<ValueOf<string[], D>> {
  const schema = z
    .string()
    .refine(oneLine)
    .transform((value) => (value === '' ? [] : value.split(',').map((item) => item.trim())))
    .refine((items) => !items.includes(''));
  return optionalUnless(schema, 'a comma-separated list without empty items', described);
}

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Comma-separated names of hosts, without scheme or port; lower case. */
export function hostNames<const D extends Described>(described: D): Setting<ValueOf<string[], D>> {
  const schema = z
    .string()
    .transform((value) => (value === '' ? [] : value.split(',').map((name) => name.trim().toLowerCase())))
    .pipe(z.array(z.string().regex(HOST_NAME)));
  return optionalUnless(schema, 'a comma-separated list of host names without scheme or port', described);
}

/** `name=value` pairs, comma-separated. */
export function pairs<const D extends Described>(described: D): Setting<ValueOf<Record<string, string>, D>> {
  const schema = z
    .string()
    .refine(oneLine)
    .transform((value) =>
      value.trim() === '' ? [] : value.split(',').map((pair) => pair.split('=').map((part) => part.trim())),
    )
    .refine((all) =>
      all.every(
        ([name = '', mapped = '', ...more]) => /^\S+$/.test(name) && mapped !== '' && more.length === 0,
      ),
    )
    .transform((all) => Object.fromEntries(all as [string, string][]));
  return optionalUnless(schema, 'comma-separated name=value pairs', described);
}

/** An origin as browsers write it: scheme, host and port, nothing behind them, and never `*`. */
export function origin<const D extends Described>(described: D): Setting<ValueOf<string, D>> {
  const schema = z
    .string()
    .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value);
  return optionalUnless(schema, 'an origin such as https://temporal.example.org, without a path', described);
}

import { parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { readBoundedFile } from '../../../../platform/bounded-file.js';
import { ConfigurationError } from '../../../../platform/errors.js';
import { preview, printable } from '../../../../platform/text/printable.js';
import { isSource } from '../../contract/job-ref.js';
import { kindOf } from './answer-fields.js';
import { sourceShape } from './source-shape.js';

/** A credential is named, never written down: in EXPORT_API_SECRETS, or as a file that may change while the process runs. */
const secret = z.union([
  z.strictObject({ secret: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);
export type SecretRef = z.infer<typeof secret>;

const httpUrl = z.string().refine((text) => URL.canParse(text) && isPlainBase(new URL(text)), {
  error: 'expected an http or https address without user, query and fragment',
});

export function isPlainBase(url: URL): boolean {
  const { protocol, username, password, search, hash } = url;
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: secret }),
  z.strictObject({
    type: z.literal('api_key'),
    header: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    key: secret,
  }),
  z.strictObject({
    type: z.literal('basic'),
    user: z.string().regex(/^[^:\p{Cc}]+$/u, { error: 'expected a name without colon' }),
    password: secret,
  }),
  z.strictObject({
    type: z.literal('oauth2_client_credentials'),
    token_url: httpUrl,
    client_id: z.string().min(1),
    client_secret: secret,
    scope: z.string().optional(),
    audience: z.string().optional(),
    credentials_in: z.enum(['header', 'body']).default('header'),
  }),
]);
export type AuthShape = z.infer<typeof auth>;

const connection = {
  base_url: httpUrl,
  auth: auth.default({ type: 'none' }),
  /** Calls a second of the whole installation. */
  rate: z.number().min(0.01).max(10_000).optional(),
  /** Exact names, or `*.example.org` for those below; none allows any public host. */
  download_hosts: z
    .array(
      z.string().regex(/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?$/, {
        error: 'expected a host name in lower case, or *.name for those below it',
      }),
    )
    .default([]),
};

const source = z.union([
  /** The default contract elsewhere. */
  z.strictObject({ ...connection, contract: z.literal('v1'), acknowledge: z.boolean().default(false) }),
  z.strictObject({ ...connection, ...sourceShape }),
]);
export type SourceAdapter = z.infer<typeof source>;

const MAX_ADAPTER_BYTES = 1024 * 1024;

/** @throws ConfigurationError that names the file, and each field with its value and what was expected */
export function loadAdapters(path: string): ReadonlyMap<string, SourceAdapter> {
  return parseAdapters(readText(path), path);
}

export function parseAdapters(text: string, path: string): ReadonlyMap<string, SourceAdapter> {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw refusal(path, [`line ${line ?? '?'}: no YAML (${error.code})`]);
  }
  const content = contentOf(document, path);
  const parsed = z
    .strictObject({ version: z.literal(1), sources: z.record(z.string(), z.unknown()) })
    .safeParse(content);
  if (!parsed.success) throw refusal(path, problemsOf(parsed.error, content, []));
  const problems: string[] = [];
  const adapters = new Map<string, SourceAdapter>();
  for (const [name, described] of Object.entries(parsed.data.sources)) {
    if (!isSource(name))
      problems.push(`sources: ${preview(name, 60)} is no source name, expected [a-z0-9-]{1,32}`);
    const schema = Object.hasOwn(Object(described) as object, 'contract')
      ? source.options[0]
      : source.options[1];
    const read = schema.safeParse(described);
    if (read.success) adapters.set(name, read.data);
    else problems.push(...problemsOf(read.error, described, ['sources', name]));
  }
  if (problems.length > 0) throw refusal(path, problems);
  if (adapters.size === 0) throw refusal(path, ['sources: it names none']);
  return adapters;
}

function contentOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw refusal(path, ['no YAML: an alias (*name) is of no anchor, or of more than a file needs']);
  }
}

function readText(path: string): string {
  try {
    const read = readBoundedFile(path, MAX_ADAPTER_BYTES);
    if (!Buffer.isBuffer(read)) throw refusal(path, [read.refused]);
    return read.toString('utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw refusal(path, [`it cannot be read: ${String((error as NodeJS.ErrnoException).code)}`]);
  }
}

function refusal(path: string, problems: readonly string[]): ConfigurationError {
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  return new ConfigurationError(
    `The adapter file ${printable(path)} (EXPORT_API_ADAPTER) cannot be used:\n${lines}`,
  );
}

/** Fields whose values might be a credential that somebody wrote down after all. */
const NOT_SHOWN = new Set(['token', 'key', 'password', 'client_secret', 'secret']);

function shownValue(value: unknown, path: readonly PropertyKey[]): string {
  const isSecret = path.some((name) => NOT_SHOWN.has(String(name))) || path.at(-1) === 'auth';
  if (isSecret) return '(not shown, as it may be a secret)';
  // What is in it may be one as well.
  if (typeof value === 'object') return kindOf(value);
  if (typeof value !== 'string') return preview(value, 60);
  return preview(
    value.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1').replace(/^([a-z]+:\/\/[^?#]*)[?#].*$/is, '$1'),
    60,
  );
}

function problemsOf(error: z.ZodError, root: unknown, prefix: readonly PropertyKey[]): string[] {
  return error.issues.flatMap(leaves).map(({ path, message }) => {
    const value = path.reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[name] : undefined,
      root,
    );
    const field = [...prefix, ...path].map(String).join('.') || 'the file';
    return `${printable(field, 200)} is ${shownValue(value, path)}: ${message.replace(/^Invalid input: /, '')}`;
  });
}

/** The issues of a union's likeliest member: the one that got furthest. */
function leaves(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.max(...issues.map(({ path }) => path.length));
  const best = issue.errors.reduce((first, other) => (depth(other) > depth(first) ? other : first));
  return best.flatMap(leaves).map((leaf) => ({ ...leaf, path: [...issue.path, ...leaf.path] }));
}

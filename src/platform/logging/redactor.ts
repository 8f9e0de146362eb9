/** What stands in a log line where a secret stood. */
export const REDACTED = '[redacted]';

/**
 * Longer text is cut before it is searched: some of the patterns cost the square of the length on text made to
 * be hostile, and 16 KiB keeps the worst case at tens of milliseconds.
 */
const MAX_SEARCHED_CHARACTERS = 16_384;

/** What one string may add to a line; a deep stack trace fits. */
const MAX_WRITTEN_CHARACTERS = 8_192;

const SCHEME = '[a-z][a-z0-9+.-]{0,20}://';

/** Passwords are often pasted unescaped, so for databases everything up to the last @ counts as credentials. */
const DATABASE_CREDENTIALS =
  /((?:mongodb|postgres|postgresql|mysql|redis|rediss|amqp)(?:\+srv)?:\/\/)[^\s"<>]*@/gi;

/** For other schemes only the authority: an object key may hold an @. */
const URL_CREDENTIALS = new RegExp(`(${SCHEME})[^\\s/?#"<>]*@`, 'gi');

/** The key of an s3:// address is literal: only what has the form of parameters is taken for a query there. */
const SCHEME_WITH_QUERY = `(?!s3:)${SCHEME}`;
const WHOLE_TEXT_IS_URL = new RegExp(`^\\s*${SCHEME_WITH_QUERY}`, 'i');
const QUERY_OF_URL = new RegExp(`(${SCHEME_WITH_QUERY}[^\\s?#"<>]*)[?#][^\\s"<>]*`, 'gi');
const QUERY_OF_PATH = /\?[\w.%-]{1,64}=[^\s"<>]*/g;
const SIGNATURE_PARAMETER = /x-amz-(?:signature|credential|security-token)(?:=|%3D|["':\s]+)[^\s"&<>]*/gi;

const AWS_ACCESS_KEY_ID = /\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}\b/g;
const AWS_SECRET_SHAPE = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** A JSON string, one inside a JSON string, a string in single quotes, or a bare word. */
const VALUE = String.raw`(?:\\+"(?:[^"\\]|\\(?!"))*\\*"?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&}\])]+)`;
const SECRET_ASSIGNMENT = new RegExp(
  String.raw`\b((?:aws_?)?secret_?access_?key|(?:aws_?)?session_?token|password|passwd|pwd|authorization|api_?key)(\\*["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?${VALUE}`,
  'gi',
);
/** A schema's complaint ("name: expected string") shows no value, and says what was wrong. */
const SCHEMA_COMPLAINT =
  'expected\\b|invalid_|too_big\\b|too_small\\b|not_multiple_of\\b|unrecognized_keys\\b|custom\\b';
/** Hex digests and paths have the length of a secret key by chance; a secret key mixes cases and digits. */
function maskIfSecretKey(candidate: string): string {
  const mixed = /[A-Z]/.test(candidate) && /[a-z]/.test(candidate) && /[0-9]/.test(candidate);
  const slashes = candidate.split('/').length - 1;
  return mixed && slashes <= 3 ? REDACTED : candidate;
}

/** Names, in snake_case, under which or beside which values stand that are never logged. */
export interface SecretWords {
  /** Of single values, such as `child_name`. */
  names: readonly string[];
  /** Of values that are JSON arrays with such in them: MongoDB quotes one when it refuses a duplicate. */
  lists: readonly string[];
}

/** Keys of every pipeline's. */
const SECRET_KEYS = [
  'body',
  'message_body',
  'receipt_handle',
  'password',
  'secret',
  'secret_access_key',
  'aws_secret_access_key',
  'access_key_id',
  'aws_access_key_id',
  'session_token',
  'aws_session_token',
  'authorization',
  'api_key',
  'credentials',
];

/** Takes secrets out of what is logged. */
export interface Redactor {
  /**
   * A text without what may never be logged: query strings of URLs, credentials in URIs, AWS keys, passwords, and values
   * written beside a secret word. The second line of defence: callers leave these out themselves.
   */
  readonly text: (text: string) => string;
  /** Whether a field of this name is never logged; its case and separators do not count. */
  readonly hides: (key: string) => boolean;
}

/** @param words of all pipelines; one that a process does not serve may still be named in an error */
export function createRedactor(words: readonly SecretWords[]): Redactor {
  const names = words.flatMap((of) => of.names);
  const lists = words.flatMap((of) => of.lists);
  const hidden = new Set([...SECRET_KEYS, ...names, ...lists].map(withoutSeparators));
  const assignments = [
    ...(lists.length > 0 ? [new RegExp(String.raw`${beside(lists, '[:=]')}[^\]\n]*\]?`, 'gi')] : []),
    ...(names.length > 0
      ? [new RegExp(`${beside(names, '[:=]|=>')}(?!${SCHEMA_COMPLAINT})${VALUE}`, 'gi')]
      : []),
  ];
  return {
    hides: (key) => hidden.has(withoutSeparators(key)),
    text: (text) => redact(text, assignments),
  };
}

function withoutSeparators(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Source of a pattern: one of the names, with or without separators, and the sign between it and its value. */
function beside(names: readonly string[], signs: string): string {
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  const anyOf = longestFirst.map((name) => name.replaceAll('_', '_?')).join('|');
  return String.raw`(${anyOf})(\\*["']?\s*(?:${signs})\s*)`;
}

function redact(text: string, assignments: readonly RegExp[]): string {
  let clean = text.length > MAX_SEARCHED_CHARACTERS ? text.slice(0, MAX_SEARCHED_CHARACTERS) : text;
  clean = clean.replace(DATABASE_CREDENTIALS, `$1${REDACTED}@`).replace(URL_CREDENTIALS, `$1${REDACTED}@`);
  // A query pasted unescaped may hold spaces, and where a text starts with its URL nothing says where it ends.
  if (WHOLE_TEXT_IS_URL.test(clean)) clean = clean.replace(/[?#][^]*$/, `?${REDACTED}`);
  clean = clean
    .replace(QUERY_OF_URL, `$1?${REDACTED}`)
    .replace(QUERY_OF_PATH, `?${REDACTED}`)
    .replace(SIGNATURE_PARAMETER, REDACTED)
    .replace(SECRET_ASSIGNMENT, `$1$2${REDACTED}`);
  for (const pattern of assignments) clean = clean.replace(pattern, `$1$2${REDACTED}`);
  clean = clean.replace(AWS_ACCESS_KEY_ID, REDACTED).replace(AWS_SECRET_SHAPE, maskIfSecretKey);
  if (clean.length <= MAX_WRITTEN_CHARACTERS && text.length <= MAX_SEARCHED_CHARACTERS) return clean;
  return `${clean.slice(0, MAX_WRITTEN_CHARACTERS)}… (${text.length} characters)`;
}

/** What stands in a log line where a secret or a child's identifier stood. */
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
/** A schema's complaint ("student_id: expected string") names no child, and says what was wrong. */
const SCHEMA_COMPLAINT =
  'expected\\b|invalid_|too_big\\b|too_small\\b|not_multiple_of\\b|unrecognized_keys\\b|custom\\b';
const CHILD_ASSIGNMENT = new RegExp(
  String.raw`(student_?id|udise(?:_?code)?)(\\*["']?\s*(?:[:=]|=>)\s*)(?!${SCHEMA_COMPLAINT})${VALUE}`,
  'gi',
);

/** A dedupe key is a JSON array that holds the student's id; MongoDB quotes it when it refuses a duplicate. */
const DEDUPE_KEY_ASSIGNMENT = /(dedupe_?key)(\\*["']?\s*[:=]\s*)[^\]\n]*\]?/gi;

/** Hex digests and paths have the length of a secret key by chance; a secret key mixes cases and digits. */
function maskIfSecretKey(candidate: string): string {
  const mixed = /[A-Z]/.test(candidate) && /[a-z]/.test(candidate) && /[0-9]/.test(candidate);
  const slashes = candidate.split('/').length - 1;
  return mixed && slashes <= 3 ? REDACTED : candidate;
}

/**
 * Takes out of a text what may never be logged: query strings of URLs, credentials in URIs, AWS keys, passwords,
 * and values written beside `student_id` or `udise`. The second line of defence: callers leave these out themselves.
 */
export function redactText(text: string): string {
  let clean = text.length > MAX_SEARCHED_CHARACTERS ? text.slice(0, MAX_SEARCHED_CHARACTERS) : text;
  clean = clean.replace(DATABASE_CREDENTIALS, `$1${REDACTED}@`).replace(URL_CREDENTIALS, `$1${REDACTED}@`);
  // A query pasted unescaped may hold spaces, and where a text starts with its URL nothing says where it ends.
  if (WHOLE_TEXT_IS_URL.test(clean)) clean = clean.replace(/[?#][^]*$/, `?${REDACTED}`);
  clean = clean
    .replace(QUERY_OF_URL, `$1?${REDACTED}`)
    .replace(QUERY_OF_PATH, `?${REDACTED}`)
    .replace(SIGNATURE_PARAMETER, REDACTED)
    .replace(SECRET_ASSIGNMENT, `$1$2${REDACTED}`)
    .replace(DEDUPE_KEY_ASSIGNMENT, `$1$2${REDACTED}`)
    .replace(CHILD_ASSIGNMENT, `$1$2${REDACTED}`)
    .replace(AWS_ACCESS_KEY_ID, REDACTED)
    .replace(AWS_SECRET_SHAPE, maskIfSecretKey);
  if (clean.length <= MAX_WRITTEN_CHARACTERS && text.length <= MAX_SEARCHED_CHARACTERS) return clean;
  return `${clean.slice(0, MAX_WRITTEN_CHARACTERS)}… (${text.length} characters)`;
}

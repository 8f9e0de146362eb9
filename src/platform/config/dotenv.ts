/**
 * Reads a `.env` file as python-dotenv does, whose files people bring along: `#` begins a comment only behind a space
 * (`pa#ss` is a password), `${NAME}` and `${NAME:-default}` are filled in, quotes may span lines, `export` is passed
 * over, and of a name given twice the last counts. The npm package `dotenv` reads several of these otherwise.
 *
 * Grammar: python-dotenv 1.x, `dotenv/parser.py` and `dotenv/variables.py`. One difference: a byte order mark at the
 * beginning is passed over, where python-dotenv takes it for a part of the first name.
 */

/** Python's `\s`, which is not JavaScript's. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const BLANK = SPACE.replace('\\t-\\r', '\\t\\x0b\\x0c');

const sticky = (source: string): RegExp => new RegExp(source, 'y');
const ANY_SPACE = sticky(`[${SPACE}]*`);
const BLANKS = sticky(`[${BLANK}]*`);
const EXPORT = sticky(`(?:export[${BLANK}]+)?`);
const QUOTED_NAME = sticky(`'([^']+)'`);
const PLAIN_NAME = sticky(`([^=#${SPACE}]+)`);
const EQUALS = sticky(`=[${BLANK}]*`);
const IN_SINGLE_QUOTES = sticky(`'((?:\\\\'|[^'])*)'`);
const IN_DOUBLE_QUOTES = sticky(`"((?:\\\\"|[^"])*)"`);
const UNQUOTED = sticky('([^\\r\\n]*)');
const COMMENT = sticky(`(?:[${BLANK}]*#[^\\r\\n]*)?`);
const LINE_END = sticky(`[${BLANK}]*(?:\\r\\n|\\n|\\r|$)`);
const REST_OF_LINE = sticky('[^\\r\\n]*(?:\\r\\n|\\n|\\r)?');

const TRAILING_COMMENT = new RegExp(`[${SPACE}]+#.*`, 's');
const TRAILING_SPACE = new RegExp(`[${SPACE}]+$`);
const VARIABLE = /\$\{([^}:]*)(?::-([^}]*))?\}/g;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export interface DotenvFile {
  /** Names with their values, the last one given; a name without `=` has none. */
  values: Map<string, string | undefined>;
  /** Numbers of the lines that are no `NAME=value`; python-dotenv passes over them with a warning. */
  unreadableLines: number[];
}

/** @param environment what is set already: in `${NAME}` it goes before the file's own */
export function parseDotenv(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): DotenvFile {
  const file: DotenvFile = { values: new Map(), unreadableLines: [] };
  const content = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'); // as Python opens a text

  let at = 0;

  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(content);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? '';
  };
  const readValue = (): string | undefined => {
    const first = content[at];
    if (first === "'") return read(IN_SINGLE_QUOTES)?.replaceAll(/\\([\\'])/g, '$1');
    if (first === '"') {
      return read(IN_DOUBLE_QUOTES)?.replaceAll(
        /\\([\\'"abfnrtv])/g,
        (_, letter: string) => ESCAPES[letter] ?? letter,
      );
    }
    return read(UNQUOTED)?.replace(TRAILING_COMMENT, '').replace(TRAILING_SPACE, '');
  };
  const look = (name: string, other: string): string => {
    if (environment[name] !== undefined) return environment[name];
    return file.values.has(name) ? (file.values.get(name) ?? '') : other;
  };
  const fill = (value: string): string =>
    value.replaceAll(VARIABLE, (_, name: string, other: string | undefined) => look(name, other ?? ''));

  while (at < content.length) {
    read(ANY_SPACE);
    if (at >= content.length) break;
    const start = at;
    read(EXPORT);
    const isComment = content[at] === '#';
    const name = isComment ? undefined : read(content[at] === "'" ? QUOTED_NAME : PLAIN_NAME);
    read(BLANKS);
    const assigns = (isComment || name !== undefined) && read(EQUALS) !== undefined;
    const value = assigns ? readValue() : '';
    read(COMMENT);
    const isRead = (isComment || name !== undefined) && value !== undefined && read(LINE_END) !== undefined;
    if (isRead) {
      if (name !== undefined) file.values.set(name, assigns ? fill(value) : undefined);
    } else {
      file.unreadableLines.push(content.slice(0, start).split(/\r\n|\n|\r/).length);
      read(REST_OF_LINE);
    }
  }
  return file;
}

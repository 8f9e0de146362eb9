import { utf8Pieces } from './utf8.js';

const ESCAPED = /[\p{Cc}\\]/u;
const EACH_ESCAPED = new RegExp(ESCAPED, 'gu');

/**
 * An entry's name on one line, for a row or a list: control characters, backslashes and, of bytes that should be UTF-8,
 * those that are none are shown as `\xNN`, a byte each. A name without any of them is shown as it is, so that two names
 * never look the same.
 *
 * @param name its text, or its bytes where they are no UTF-8
 */
export function escapeName(name: string | Buffer): string {
  if (typeof name === 'string') {
    return ESCAPED.test(name) ? name.replaceAll(EACH_ESCAPED, escaped) : name;
  }
  let shown = '';
  for (const piece of utf8Pieces(name)) {
    shown += typeof piece === 'number' ? escapedByte(piece) : ESCAPED.test(piece) ? escaped(piece) : piece;
  }
  return shown;
}

function escaped(character: string): string {
  return [...Buffer.from(character)].map(escapedByte).join('');
}

function escapedByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

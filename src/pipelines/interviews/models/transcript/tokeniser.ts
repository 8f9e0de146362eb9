import { ModelInvalid } from '../../../../platform/model-folder.js';

/** Makes text of a model's tokens. */
export interface Tokeniser {
  /** How many tokens there are. */
  readonly size: number;
  /** @param tokens each from 0 to `size - 1` */
  textOf: (tokens: readonly number[]) => string;
}

/** SentencePiece's sign for a space (U+2581). */
const SPACE = /\u2581/g;
/** Such as `<s>`, `</s>` and `<<ST_12>>`: never text. */
const SPECIAL = /^<.+>$/;

/**
 * Reads Moonshine's `tokenizer.bin`: the bytes of each token after their number, which is one byte below 128 and else two, the lower
 * seven bits first. Some tokens are single bytes of a character.
 *
 * @param label names the file in messages
 * @throws ModelInvalid when the file ends inside a token
 */
export function readTokeniser(bytes: Uint8Array, label: string): Tokeniser {
  const tokens: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = bytes[at++]!;
    if (length >= 128) length += 128 * (bytes[at++] ?? NaN) - 128;
    if (!(at + length <= bytes.length)) {
      throw new ModelInvalid(`${label} ends inside token ${tokens.length}, after ${bytes.length} bytes`);
    }
    tokens.push(bytes.subarray(at, at + length));
    at += length;
  }
  const isText = tokens.map((token) => !SPECIAL.test(Buffer.from(token).toString('latin1')));
  return {
    size: tokens.length,
    textOf: (wanted) =>
      Buffer.concat(wanted.flatMap((token) => (isText[token] ? [tokens[token]!] : [])))
        .toString('utf8')
        .replace(SPACE, ' ')
        .trim(),
  };
}

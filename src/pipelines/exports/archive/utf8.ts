const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text, or undefined where the bytes are no UTF-8: too long a form, half a surrogate pair, cut off. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Each character's text, or the byte where none begins. */
export function* utf8Pieces(bytes: Buffer): Generator<string | number> {
  for (let at = 0; at < bytes.length;) {
    const length = lengthFrom(bytes[at]!);
    const character = decodeUtf8(bytes.subarray(at, at + length));
    yield character ?? bytes[at]!;
    at += character === undefined ? 1 : length;
  }
}

/** Bytes of a character whose first one this is. */
function lengthFrom(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

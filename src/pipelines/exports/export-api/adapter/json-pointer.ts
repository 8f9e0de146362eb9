/**
 * What an RFC 6901 pointer leads to in a JSON value; undefined where there is nothing.
 *
 * @param pointer `''` for the whole, or `/` before each name, with `~1` for a slash and `~0` for a tilde
 */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const name of segments(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined;
    // A list's places alone: its `length` and the like are nothing that was sent.
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(name)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

export function isPointer(text: string): boolean {
  return text === '' || (text.startsWith('/') && !/~(?![01])/.test(text));
}

function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

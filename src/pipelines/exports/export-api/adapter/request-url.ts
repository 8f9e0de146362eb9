import { InvalidInput } from '../../../../platform/errors.js';

/** What every parser of addresses takes for `.` and `..`, and drops: percent-encoded as well. */
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * The address of a call: the base's path, then the template's with its placeholders filled in.
 *
 * @throws InvalidInput for an id that makes a segment of dots, which would lead to another path
 */
export function requestUrl(
  base: URL,
  template: string,
  ids: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): URL {
  const path = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
  const [segments = ''] = path.split('?', 1);
  if (segments.split('/').some((segment) => DOTS.test(segment))) {
    throw new InvalidInput(
      'An id of . or .. cannot be asked for: it would be a segment that paths drop, and lead to another one.',
    );
  }
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** What may stand in a user or password as it is; a `%` begins an escape. */
const TO_ESCAPE = /[^A-Za-z0-9\-._~!$&'()*+,;=:%]/gu;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const HOST = /^(?:[^\s:@[\]#?\\]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * Checks a database's address before a driver sees it, whose own complaint quotes the part that it stumbled over.
 * Characters such as `#` in a password, which Python's drivers take as they are, are escaped for ours.
 *
 * @returns the address, or what is wrong with it, in words that show nothing of it
 */
export function readDatabaseUri(
  text: string,
  protocols: readonly string[],
): { uri: string } | { problem: string } {
  const scheme = protocols.map((protocol) => `${protocol}://`).find((start) => text.startsWith(start));
  if (scheme === undefined) {
    return {
      problem: `it does not start with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
    };
  }
  if (/[\p{Cc}\p{Cs}\s]/u.test(text)) return { problem: 'it holds a space or a control character' };
  const rest = text.slice(scheme.length);
  const pathStart = rest.indexOf('/');
  const authority = pathStart < 0 ? rest : rest.slice(0, pathStart);
  const path = pathStart < 0 ? '' : rest.slice(pathStart);
  const at = authority.lastIndexOf('@');
  const credentials = at < 0 ? undefined : authority.slice(0, at);
  // Where there is no path, the options may follow the hosts at once.
  const [hosts = '', ...options] = authority.slice(at + 1).split('?');
  if (credentials !== undefined && BROKEN_ESCAPE.test(credentials)) {
    return {
      problem: 'a "%" of its user or password is no escape; write it as %25',
    };
  }
  if (path.includes('@') && (credentials === undefined || !path.includes('?'))) {
    return { problem: 'its user or password holds a "/"; write it as %2F' };
  }
  const isLocal = hosts === '' && scheme.startsWith('postgres') && path !== '';
  if (!isLocal && !hosts.split(',').every((host) => HOST.test(host))) {
    return { problem: 'it names no host, or one that cannot be read' };
  }
  const escaped =
    credentials === undefined ? '' : `${credentials.replaceAll(TO_ESCAPE, encodeURIComponent)}@`;
  return {
    uri: `${scheme}${escaped}${hosts}${options.map((option) => `?${option}`).join('')}${path}`,
  };
}

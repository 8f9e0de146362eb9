/** What would end a header, or is no character of one (RFC 9110, 5.5). */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A request's first line and headers.
 *
 * @param path percent-encoded, with its query
 * @throws TypeError of a header that would be another one on the wire
 */
export function requestHead(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const name in headers) {
    if (UNSENDABLE.test(headers[name]!)) throw new TypeError(`Invalid character in header ${name}`);
    head += `${name}: ${headers[name]!}\r\n`;
  }
  return `${head}\r\n`;
}

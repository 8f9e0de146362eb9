import type { IncomingHttpHeaders } from 'node:http';

/** A whole answer to a request whose body was an object's bytes. */
export interface WholeAnswer {
  statusCode: number;
  /** Names in lower case; values of one that came several times are joined by commas. */
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Another request may follow on the same connection. */
  keepsConnection: boolean;
}

/** Thrown when what came is no answer that HTTP/1.1 knows. Its message names the fault and never what came. */
export class MalformedAnswer extends Error {}

/** Reads an answer from a connection's bytes, however they are cut (RFC 9112, sections 4 to 7). */
export interface AnswerReader {
  /** @returns the answer once it is whole @throws MalformedAnswer */
  push(bytes: Buffer): WholeAnswer | undefined;
  /** The connection has ended. @returns an answer whose body ends with it */
  end(): WholeAnswer | undefined;
  /** For the next answer. */
  reset(): void;
}

/** What a store says of a write has some hundred bytes, a refusal some thousand. */
export const MOST_HEAD_BYTES = 64 * 1024;
const MOST_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);
export const HEAD_END = Buffer.from('\r\n\r\n');

export function createAnswerReader(): AnswerReader {
  let held: Buffer = NOTHING;
  return {
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      if (held.length > MOST_BYTES) throw new MalformedAnswer(`it has more than ${MOST_BYTES} bytes`);
      return readAnswer(held, false);
    },
    end: () => readAnswer(held, true),
    reset() {
      held = NOTHING;
    },
  };
}

/** An answer's first line and its headers. */
export interface AnswerHead {
  statusCode: number;
  headers: Record<string, string>;
  isHttp11: boolean;
}

function readAnswer(bytes: Buffer, ended: boolean): WholeAnswer | undefined {
  let start = 0;
  for (;;) {
    const headEnd = bytes.indexOf(HEAD_END, start);
    if (headEnd === -1) {
      if (bytes.length - start > MOST_HEAD_BYTES) throw new MalformedAnswer('its head has no end');
      return undefined;
    }
    const head = readHead(bytes.toString('latin1', start, headEnd));
    start = headEnd + HEAD_END.length;
    // Nothing was asked that another protocol could answer; other interim answers are followed by the real one.
    if (head.statusCode === 101) throw new MalformedAnswer('it switches protocols');
    if (head.statusCode < 200) continue;
    const body = readBody(head, bytes.subarray(start), ended);
    if (body === undefined) return undefined;
    const { statusCode, headers, isHttp11 } = head;
    const isLast = /\bclose\b/i.test(headers['connection'] ?? '');
    // Bytes that nobody asked for: what follows them cannot be told.
    const isExact = start + body.length === bytes.length;
    return {
      ...{ statusCode, headers, body: body.content },
      keepsConnection: isHttp11 && !isLast && isExact && !body.untilEnd,
    };
  }
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n\0]*)?(?:\r\n|$)/;
/** With nothing in its value that ends a line for some readers, and not for others. */
const HEADER_LINE = /([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n\0]*)(?:\r\n|$)/y;

/** @param text without the empty line at its end @throws MalformedAnswer */
export function readHead(text: string): AnswerHead {
  const status = STATUS_LINE.exec(text);
  if (status === null) throw new MalformedAnswer('it does not begin as one of HTTP/1.1');
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  HEADER_LINE.lastIndex = status[0].length;
  while (HEADER_LINE.lastIndex < text.length) {
    const line = HEADER_LINE.exec(text);
    if (line === null) throw new MalformedAnswer('a header of it is none');
    const name = line[1]!.toLowerCase();
    const value = line[2]!.trimEnd();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return { statusCode: Number(status[2]), headers, isHttp11: status[1] === '1' };
}

/** @property length of what it took of the connection's bytes */
interface Body {
  content: Buffer;
  length: number;
  untilEnd: boolean;
}

function readBody({ statusCode, headers }: AnswerHead, bytes: Buffer, ended: boolean): Body | undefined {
  const encoding = headers['transfer-encoding'];
  const stated = headers['content-length'];
  if (statusCode === 204 || statusCode === 304) return { content: NOTHING, length: 0, untilEnd: false };
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked' || stated !== undefined) {
      throw new MalformedAnswer('its length cannot be told');
    }
    return readChunks(bytes);
  }
  if (stated !== undefined) {
    if (!/^\d{1,15}$/.test(stated)) throw new MalformedAnswer('its Content-Length is none');
    const length = Number(stated);
    if (bytes.length < length) return undefined;
    return { content: bytes.subarray(0, length), length, untilEnd: false };
  }
  return ended ? { content: bytes, length: bytes.length, untilEnd: true } : undefined;
}

function readChunks(bytes: Buffer): Body | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return undefined;
    const size = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i.exec(bytes.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) throw new MalformedAnswer('a chunk has no size');
    const start = lineEnd + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      // Trailers, of which none matters, end in an empty line as a head does.
      const end = bytes.indexOf(HEAD_END, lineEnd);
      if (end === -1) return undefined;
      return { content: Buffer.concat(pieces), length: end + HEAD_END.length, untilEnd: false };
    }
    const end = start + length;
    if (bytes.length < end + 2) return undefined;
    if (bytes.toString('latin1', end, end + 2) !== '\r\n')
      throw new MalformedAnswer('a chunk is longer than it says');
    pieces.push(bytes.subarray(start, end));
    at = end + 2;
  }
}

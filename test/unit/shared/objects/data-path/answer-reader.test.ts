import {
  createAnswerReader,
  MalformedAnswer,
  type WholeAnswer,
} from '../../../../../src/objects/data-path/wire/answer-reader.js';

const lines = (...text: string[]): Buffer => Buffer.from(text.join('\r\n'), 'latin1');

function readIn(pieces: readonly Buffer[]): WholeAnswer | undefined {
  const reader = createAnswerReader();
  for (const [index, piece] of pieces.entries()) {
    const answer = reader.push(piece);
    if (answer === undefined) continue;
    expect(index).toBe(pieces.length - 1);
    return answer;
  }
  return reader.end();
}

const STORED = lines('HTTP/1.1 200 OK', 'ETag: "a"', 'Content-Length: 0', '', '');
const REFUSED = lines('HTTP/1.1 412 Precondition Failed', 'Content-Length: 8', '', '<Error/>');

describe('an answer', () => {
  it.each<[string, Buffer, { statusCode: number; body: string; keeps: boolean }]>([
    ['without a body', STORED, { statusCode: 200, body: '', keeps: true }],
    ['with a length', REFUSED, { statusCode: 412, body: '<Error/>', keeps: true }],
    [
      'in chunks, with extensions and trailers',
      lines(
        'HTTP/1.1 503 Slow Down',
        'transfer-encoding: chunked',
        '',
        '6;a=b',
        '<Error',
        '2',
        '/>',
        '0',
        'Trailer: x',
        '',
        '',
      ),
      { statusCode: 503, body: '<Error/>', keeps: true },
    ],
    [
      'in chunks without trailers',
      lines('HTTP/1.1 200 OK', 'Transfer-Encoding: Chunked', '', 'A', '0123456789', '0', '', ''),
      { statusCode: 200, body: '0123456789', keeps: true },
    ],
    [
      'that an interim one precedes',
      Buffer.concat([
        lines('HTTP/1.1 100 Continue', '', 'HTTP/1.1 103 Early Hints', 'Link: x', '', ''),
        REFUSED,
      ]),
      { statusCode: 412, body: '<Error/>', keeps: true },
    ],
    [
      'that has no body by its status',
      lines('HTTP/1.1 204 No Content', 'Server: x', '', ''),
      { statusCode: 204, body: '', keeps: true },
    ],
    [
      'that ends with its connection',
      lines('HTTP/1.1 500 Internal', 'Server: x', '', '<Error/>'),
      { statusCode: 500, body: '<Error/>', keeps: false },
    ],
    [
      'after which the server closes',
      lines('HTTP/1.1 200', 'Connection: Close', 'Content-Length: 2', '', 'ok'),
      { statusCode: 200, body: 'ok', keeps: false },
    ],
    [
      'of HTTP/1.0',
      lines('HTTP/1.0 200 OK', 'Content-Length: 2', '', 'ok'),
      { statusCode: 200, body: 'ok', keeps: false },
    ],
  ])('%s is read however it is cut', (_what, bytes, { keeps, ...expected }) => {
    const cuts = Array.from({ length: bytes.length - 1 }, (_, at) => [
      bytes.subarray(0, at + 1),
      bytes.subarray(at + 1),
    ]);
    for (const pieces of [[bytes], ...cuts, [...bytes].map((byte) => Buffer.from([byte]))]) {
      const answer = readIn(pieces);
      expect({ ...answer, body: answer?.body.toString() }).toMatchObject(expected);
      expect(answer?.keepsConnection).toBe(keeps);
    }
  });

  it('has headers by their names in lower case, without the spaces round them', () => {
    const bytes = lines('HTTP/1.1 200 OK', 'ETag:"a"', 'X-A:\t b ', 'x-a: c', 'content-length: 0', '', '');
    expect({ ...readIn([bytes])?.headers }).toEqual({ etag: '"a"', 'x-a': 'b, c', 'content-length': '0' });
  });

  it('leaves a connection of no use when more comes than was asked for', () => {
    expect(readIn([Buffer.concat([STORED, Buffer.from('HTTP')])])?.keepsConnection).toBe(false);
  });

  it('is followed by another one', () => {
    const reader = createAnswerReader();
    for (const [bytes, statusCode] of [
      [STORED, 200],
      [REFUSED, 412],
    ] as const) {
      expect(reader.push(bytes)).toMatchObject({ statusCode });
      reader.reset();
    }
  });

  it.each([
    ['another protocol', lines('SSH-2.0-x', '', '')],
    ['another version', lines('HTTP/2 200 OK', '', '')],
    ['a switch of protocols', lines('HTTP/1.1 101 Switching', '', '')],
    ['a header without a colon', lines('HTTP/1.1 200 OK', 'ETag', '', '')],
    ['a header without a name', lines('HTTP/1.1 200 OK', ': x', '', '')],
    ['a name with a space', lines('HTTP/1.1 200 OK', 'Content-Length : 0', '', '')],
    ['a folded header', lines('HTTP/1.1 200 OK', 'X-A: b', ' c', '', '')],
    ['a lone line feed', lines('HTTP/1.1 200 OK', 'X-A: b\nContent-Length: 5', '', '')],
    ['a zero byte', lines('HTTP/1.1 200 OK', 'X-A: \0', '', '')],
    ['two lengths', lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2', '', 'ab')],
    ['a negative length', lines('HTTP/1.1 200 OK', 'Content-Length: -1', '', '')],
    [
      'a length and chunks',
      lines('HTTP/1.1 200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked', '', '0', '', ''),
    ],
    ['a compressed transfer', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', '')],
    ['a chunk without a size', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'x', 'ab', '')],
    [
      'a chunk longer than it says',
      lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '1', 'ab', '0', '', ''),
    ],
    ['a head without an end', Buffer.concat([lines('HTTP/1.1 200 OK', 'X-A: '), Buffer.alloc(70_000, 0x61)])],
    [
      'more than a store has to say',
      lines('HTTP/1.1 200 OK', 'Content-Length: 2000000', '', 'a'.repeat(1_100_000)),
    ],
  ])('is none with %s', (_what, bytes) => {
    expect(() => createAnswerReader().push(bytes)).toThrow(MalformedAnswer);
  });

  it('is none when its connection ends before it does', () => {
    for (let length = 0; length < REFUSED.length; length++) {
      expect(readIn([REFUSED.subarray(0, length)])).toBeUndefined();
    }
  });
});

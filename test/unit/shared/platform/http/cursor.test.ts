import { UnknownCursor, readCursor, writeCursor } from '../../../../../src/platform/http/cursor.js';

const token = Buffer.from('{"token of":"the server"}');
const list = JSON.stringify(['2025-12-20', null]);

describe('a cursor', () => {
  test('leads back to the token that the server gave', () => {
    expect(Buffer.from(readCursor(list, writeCursor(list, token)))).toEqual(token);
  });

  test.each([
    ['a cursor of another list', writeCursor('[]', token)],
    ['the bare token', token.toString('base64url')],
    ['a cut one', writeCursor(list, token).slice(0, -3)],
    [
      'one with a letter changed',
      writeCursor(list, token).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    ],
    ['anything', 'abc'],
    ['a check of nothing', writeCursor(list, Buffer.alloc(0))],
    ['nothing', ''],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => readCursor(list, cursor)).toThrow(UnknownCursor);
  });
});

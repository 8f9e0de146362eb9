import { readTokeniser } from '../../../../../src/pipelines/interviews/models/transcript/tokeniser.js';

const token = (text: string): Buffer =>
  Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
const byte = (value: number): Buffer => Buffer.of(1, value);

describe('a tokeniser', () => {
  it('joins tokens to text: their sign for a space is one, special tokens are none', () => {
    const file = Buffer.concat(['<s>', '\u2581So', '\u2581he', 'llo', '<<ST_5>>', ','].map(token));
    const { size, textOf } = readTokeniser(file, 'file');
    expect(size).toBe(6);
    expect(textOf([0, 1, 2, 3, 4, 5])).toBe('So hello,');
    expect(textOf([])).toBe('');
  });

  it('makes characters of tokens that are single bytes', () => {
    const { textOf } = readTokeniser(Buffer.concat([byte(0xc3), byte(0xa9), token('t')]), 'file');
    expect(textOf([0, 1, 2])).toBe('ét');
  });

  it('knows long tokens, whose number of bytes takes two, and empty ones', () => {
    const long = 'b'.repeat(300);
    const file = Buffer.concat([
      Buffer.of(128 + (300 % 128), 300 >> 7),
      Buffer.from(long),
      Buffer.of(0),
      token('a'),
    ]);
    const { size, textOf } = readTokeniser(file, 'file');
    expect(size).toBe(3);
    expect(textOf([0, 1, 2])).toBe(`${long}a`);
  });

  it('is refused when its file ends inside a token', () => {
    expect(() => readTokeniser(Buffer.concat([token('a'), Buffer.of(5, 97)]), 'file')).toThrow(
      /^file ends inside token 1, after 4 bytes$/,
    );
    expect(() => readTokeniser(Buffer.of(200), 'file')).toThrow(/^file ends inside token 0, after 1 bytes$/);
  });
});

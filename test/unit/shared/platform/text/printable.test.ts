import fc from 'fast-check';
import { preview, printable } from '../../../../../src/platform/text/printable.js';

/** What a terminal, browser or CSV reader may act on. */
const ACTED_ON =
  // eslint-disable-next-line no-control-regex -- these are what must not be left
  /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: fc.constantFrom('क', '्', '\u200D', '\u200C', 'ष', 'ा', '\u0301', 'a', '😀', '"', '\\') }),
);

describe('printable', () => {
  it('shows text of any language as it is', () => {
    for (const text of ['', 'plain text', 'वाचन', 'क्षत्रिय', 'श्रीमान् 12', 'übung é', '读音', 'قراءة', '😀'])
      expect(printable(text)).toBe(text);
  });

  it('keeps a joiner that Devanagari spells with, and shows one that only disguises', () => {
    expect(printable('क्\u200Dष र्\u200Cक')).toBe('क्\u200Dष र्\u200Cक');
    expect(printable('pay\u200Dpal')).toBe('pay\\u{200d}pal');
    expect(printable('वाचन\u200C')).toBe('वाचन\\u{200c}');
    expect(printable('वा\u200D\u200Dचन')).toBe('वा\\u{200d}\\u{200d}चन');
  });

  it.each([
    ['a colour of a terminal', '\u001B[31mred', '\\u{1b}[31mred'],
    ['a control character of eight bits', '\u009B31m', '\\u{9b}31m'],
    ['NUL and line breaks', 'a\0b\r\nc\td', 'a\\u{0}b\\u{d}\\u{a}c\\u{9}d'],
    ['line and paragraph separators', 'a\u2028b\u2029c\u0085d', 'a\\u{2028}b\\u{2029}c\\u{85}d'],
    [
      'a change of direction',
      'fdp.\u202Eexe\u2066x\u061C\u200F',
      'fdp.\\u{202e}exe\\u{2066}x\\u{61c}\\u{200f}',
    ],
    ['what has no width', '\uFEFFa\u200Bb\u00ADc\u{E0041}', '\\u{feff}a\\u{200b}b\\u{ad}c\\u{e0041}'],
    ['spaces that look like another', 'a\u00A0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['half a pair', 'a\uD83Db\uDE00c', 'a\\u{d83d}b\\u{de00}c'],
    ['what no font may draw', '\uFFFE\uE000\u{10FFFF}', '\\u{fffe}\\u{e000}\\u{10ffff}'],
    ['a mark without its letter', '\u0301a', '\\u{301}a'],
  ])('escapes %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('escapes the marks of a letter that carries more than any language writes', () => {
    expect(printable(`a${'\u0301'.repeat(10)}`)).toBe(`a${'\u0301'.repeat(8)}\\u{301}\\u{301}`);
  });

  it('says how long a text is that it cuts', () => {
    expect(printable('x'.repeat(1_000_000), 5)).toBe('xxxxx… (1000000 characters)');
  });

  it('cuts between two letters as a reader counts them', () => {
    expect(printable('ab😀', 3)).toBe('ab… (4 characters)');
    expect(printable('abe\u0301', 3)).toBe('ab… (4 characters)');
    expect(printable('वाक्ष', 4)).toBe('वा… (5 characters)');
    expect(printable('ab\u001B', 5)).toBe('ab… (3 characters)');
  });

  it('leaves nothing that something acts on, within its bound, whatever it is given', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 40 }), (text, limit) => {
        const shown = printable(text, limit);
        expect(shown).not.toMatch(ACTED_ON);
        expect(shown.length).toBeLessThanOrEqual(limit + `… (${text.length} characters)`.length);
        expect(printable(shown, 1000)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('preview', () => {
  it.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    ['a "b" \\ \n', '"a \\"b\\" \\\\ \\u{a}"'],
    [Number.NaN, 'NaN'],
    [-0, '-0'],
    [10n ** 50n, 'a whole number of more than 40 digits'],
    [new Date(NaN), 'an invalid date'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Uint8Array(8), 'Uint8Array of 8 bytes'],
    [{ a: 1, b: ['x', null] }, '{"a":1,"b":["x",null]}'],
    [[[[[[1]]]]], '[[[[[…]]]]]'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    [Object.create(null), '{}'],
  ])('shows %p', (value, shown) => {
    expect(preview(value)).toBe(shown);
  });

  it('says how long a text is that it cuts', () => {
    expect(preview('x'.repeat(1_000_000), 5)).toBe('"xxxxx…" (1000000 characters)');
  });

  it('looks at no more than it shows', () => {
    const touched: number[] = [];
    const many = new Proxy(new Array<number>(1_000_000), {
      get: (target, name, receiver) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) touched.push(Number(name));
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    expect(preview(many, 30)).toBe('[undefined,undefined,undefined,…]');
    expect(touched.length).toBeLessThan(30);
  });

  it('shows a value that cannot be read as such', () => {
    const hostile = {
      get a(): never {
        throw new Error('no');
      },
    };
    expect(preview(hostile)).toBe('an unreadable object');
  });

  it('is bounded and printable for every value', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        const shown = preview(value, 50);
        expect(shown.length).toBeLessThan(250);
        expect(shown).not.toMatch(ACTED_ON);
      }),
    );
  });
});

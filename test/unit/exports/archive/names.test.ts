import { buildZip, extraField, u16, u32, u64, unicodePath, UTF8 } from './build-zip.js';
import { FILE, noise, outcomeOf, type Variation } from './outcome-of.js';

test.each<Variation>([
  ...(
    [
      ['..', 'name_unsafe'],
      ['../a', 'name_unsafe'],
      ['a/..', 'name_unsafe'],
      ['a/../b', 'name_unsafe'],
      ['a/../', 'name_unsafe'],
      ['/a', 'name_unsafe'],
      ['//server/a', 'name_unsafe'],
      ['C:a', 'name_unsafe'],
      ['c:/a', 'name_unsafe'],
      ['./a', 'name_unsafe'],
      ['a//', 'name_unsafe'],
      ['/', 'name_unsafe'],
      ['a//b', 'name_unsafe'],
      ['a/./b', 'name_unsafe'],
      ['a.', undefined],
      ['a...', undefined],
      ['...', undefined],
      ['a/.../b', undefined],
      ['.a', undefined],
      ['a b', undefined],
      [' ', undefined],
      ['CON', undefined],
      ['a:b', 'name_unsafe'],
      ['ab:c', undefined],
      ['~/a', undefined],
      ['-rf', undefined],
      ['a*?"<>|', undefined],
      ['\u00e9', undefined],
      ['e\u0301', undefined],
      ['नमस्ते.wav', undefined],
      ['😀', undefined],
      ['a\u2028b', undefined],
      ['\uFEFFa', undefined],
    ] as const
  ).map(([name, reason]): [string, Buffer, string[]] => [
    `the name ${JSON.stringify(name)}`,
    buildZip([{ name, ...(!name.endsWith('/') && { content: FILE.content }) }]),
    [reason ? `${name}: ${reason}` : name],
  ]),
  [
    'control characters in names',
    buildZip([{ name: 'a\nb' }, { name: 'a\x7fb' }, { name: 'a\x85b' }, { name: 'a\x1b[31mb' }]),
    ['a\\x0ab: name_unsafe', 'a\\x7fb: name_unsafe', 'a\\xc2\\x85b: name_unsafe', 'a\\x1b[31mb: name_unsafe'],
  ],
  [
    'a name in code page 437',
    buildZip([{ name: Buffer.from([0x81, 0x62, 0x65, 0x72, 0xe1]), content: FILE.content }]),
    ['überß'],
  ],
  ['UTF-8 bytes without the flag', buildZip([{ name: Buffer.from('é'), content: FILE.content }]), ['├⌐']],
  [
    'a name that should be UTF-8 and is not',
    buildZip([{ name: Buffer.from([0x61, 0xff, 0xc3]), flags: UTF8, content: FILE.content }]),
    ['a\\xff\\xc3: name_unsafe'],
  ],
  [
    'a name with half a surrogate pair',
    buildZip([{ name: Buffer.from([0xed, 0xa0, 0x80]), flags: UTF8 }]),
    ['\\xed\\xa0\\x80: name_unsafe'],
  ],
  [
    'a slash in too long a form',
    buildZip([{ name: Buffer.from([0xc0, 0xaf]), flags: UTF8 }]),
    ['\\xc0\\xaf: name_unsafe'],
  ],
  [
    'a Unicode path that fits',
    buildZip([{ name: 'u.txt', content: FILE.content, extra: unicodePath('u.txt', 'ü.txt') }]),
    ['ü.txt'],
  ],
  [
    'a Unicode path for another name',
    buildZip([{ name: 'u.txt', content: FILE.content, extra: unicodePath('v.txt', '../ü.txt') }]),
    ['u.txt'],
  ],
  [
    'a Unicode path that leads out',
    buildZip([{ name: 'u.txt', content: FILE.content, extra: unicodePath('u.txt', '../u.txt') }]),
    ['../u.txt: name_unsafe'],
  ],
  [
    'a Unicode path that is no UTF-8',
    buildZip([{ name: 'u.txt', content: FILE.content, extra: unicodePath('u.txt', Buffer.from([0xff])) }]),
    ['\\xff: name_unsafe'],
  ],
  [
    'a Unicode path beside the UTF-8 flag, the same',
    buildZip([{ name: 'ü', flags: UTF8, content: FILE.content, extra: unicodePath('ü', 'ü') }]),
    ['ü'],
  ],
  [
    'a Unicode path beside the UTF-8 flag, another',
    buildZip([{ name: 'a', flags: UTF8, content: FILE.content, extra: unicodePath('a', 'b') }]),
    ['a: name_unsafe'],
  ],
  [
    'two Unicode paths that fit, each another',
    buildZip([
      {
        name: 'a',
        content: FILE.content,
        extra: Buffer.concat([unicodePath('a', 'b'), unicodePath('a', 'c')]),
      },
    ]),
    ['a: name_unsafe'],
  ],
  [
    'two Unicode paths, of which one fits',
    buildZip([
      {
        name: 'a',
        content: FILE.content,
        extra: Buffer.concat([unicodePath('x', 'c'), unicodePath('a', 'b')]),
      },
    ]),
    ['b'],
  ],
  [
    'a Unicode path of no name',
    buildZip([{ name: 'a', content: FILE.content, extra: unicodePath('a', '') }]),
    [': name_unsafe'],
  ],
  [
    'a Unicode path of another version',
    buildZip([
      {
        name: 'a',
        content: FILE.content,
        extra: extraField(0x7075, Buffer.concat([Buffer.from([2]), u32(0), Buffer.from('b')])),
      },
    ]),
    ['a'],
  ],
  [
    'backslashes',
    buildZip([
      { name: 'a\\b', content: FILE.content },
      { name: 'c\\' },
      { name: '..\\d' },
      { name: '\\\\server\\e' },
    ]),
    ['a/b', 'c/', '../d: name_unsafe', '//server/e: name_unsafe'],
  ],
  [
    'a name twice by its backslash',
    buildZip([{ name: 'a\\b' }, { name: 'a/b' }]),
    ['a/b: duplicate_name', 'a/b: duplicate_name'],
  ],
  [
    'a name twice by its Unicode path',
    buildZip([{ name: 'b' }, { name: 'a', extra: unicodePath('a', 'b') }]),
    ['b: duplicate_name', 'b: duplicate_name'],
  ],
  [
    'a name three times',
    buildZip([FILE, FILE, FILE]),
    ['b/b.bin: duplicate_name', 'b/b.bin: duplicate_name', 'b/b.bin: duplicate_name'],
  ],
  [
    'a name twice, once encrypted',
    buildZip([FILE, { ...FILE, flags: 1 }]),
    ['b/b.bin: duplicate_name', 'b/b.bin: encrypted'],
  ],
  [
    'a file and a directory of one name',
    buildZip([{ name: 'a' }, { name: 'a/' }, { name: 'a/b' }]),
    ['a', 'a/', 'a/b'],
  ],
  [
    'a name of 1,024 bytes and one of 1,025',
    buildZip([{ name: 'a'.repeat(1_024) }, { name: 'b'.repeat(1_025) }]),
    ['a'.repeat(1_024), `${'b'.repeat(1_025)}: name_too_long`],
  ],
  [
    'an extra field that overruns the header',
    buildZip([{ ...FILE, extra: Buffer.concat([u16(0x9999, 500), noise(8)]) }]),
    ['b/b.bin'],
  ],
  [
    'an extra field that hides the zip64 field',
    buildZip([
      {
        ...FILE,
        central: { size: 0xffffffff },
        extra: Buffer.concat([u16(0x9999, 500), extraField(1, u64(FILE.content.length))]),
      },
    ]),
    'zip64_field',
  ],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

import { buildZip, extraField, u32, u64, unicodePath, UTF8 } from './build-zip.js';
import { FILE, noise, outcomeOf, type Variation } from './outcome-of.js';

test.each<Variation>([
  [
    'no local header at an offset',
    buildZip([
      { ...FILE, central: { offset: 1 } },
      { ...FILE, name: 'c', gap: noise(50) },
    ]),
    ['b/b.bin: header_mismatch', 'c'],
  ],
  [
    'a local header of another name',
    buildZip([{ ...FILE, local: { name: 'b/c.bin' } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'local headers of shorter names, one of them the last',
    buildZip([
      { ...FILE, local: { name: '' } },
      { ...FILE, name: 'c' },
      { ...FILE, name: 'long/name.bin', local: { name: 'l' } },
    ]),
    ['b/b.bin: header_mismatch', 'c', 'long/name.bin: header_mismatch'],
  ],
  [
    'a local header with other flags',
    buildZip([{ ...FILE, local: { flags: UTF8 } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a local header with another CRC-32',
    buildZip([{ ...FILE, local: { crc32: 1 } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a local header of no sizes without a descriptor',
    buildZip([{ ...FILE, local: { crc32: 0, size: 0, compressedSize: 0 } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a local zip64 reference without the field',
    buildZip([{ ...FILE, local: { size: 0xffffffff } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a local header with two zip64 fields',
    buildZip([{ ...FILE, localZip64: true, localExtra: extraField(1, u64(1, 1)) }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a Unicode path of the local header alone, of another name',
    buildZip([{ ...FILE, localExtra: unicodePath(FILE.name, 'evil.txt') }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a Unicode path of the local header alone, made for another name',
    buildZip([{ ...FILE, localExtra: unicodePath('x', 'evil.txt') }]),
    ['b/b.bin'],
  ],
  [
    'a Unicode path in both headers',
    buildZip([
      { ...FILE, localExtra: unicodePath(FILE.name, 'ü\\é'), extra: unicodePath(FILE.name, 'ü\\é') },
    ]),
    ['ü/é'],
  ],
  [
    'extra fields of the local header alone',
    buildZip([{ ...FILE, localExtra: extraField(0xcafe, noise(500)) }]),
    ['b/b.bin'],
  ],
  [
    'padding behind extra fields',
    buildZip([{ ...FILE, localExtra: Buffer.alloc(3), extra: Buffer.alloc(3) }]),
    ['b/b.bin'],
  ],
  ...(['signed', 'unsigned', 'signed64', 'unsigned64'] as const).flatMap(
    (descriptor): [string, Buffer, string[]][] => [
      [
        `a descriptor, ${descriptor}`,
        buildZip([
          { ...FILE, descriptor },
          { ...FILE, name: 'c' },
        ]),
        ['b/b.bin', 'c'],
      ],
      [
        `a descriptor of a stored entry, ${descriptor}`,
        buildZip([{ ...FILE, method: 0, descriptor }]),
        ['b/b.bin'],
      ],
      [
        `a descriptor behind a zip64 local header, ${descriptor}`,
        buildZip([{ ...FILE, descriptor, localZip64: true }]),
        ['b/b.bin'],
      ],
    ],
  ),
  [
    'a descriptor beside a local header with another CRC-32',
    buildZip([{ ...FILE, descriptor: 'signed', local: { crc32: 0xb38ff7f0 } }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'a descriptor with another size',
    buildZip([{ ...FILE, descriptor: 'signed', descriptorBytes: Buffer.concat([u32(0x08074b50, 1, 2, 3)]) }]),
    ['b/b.bin: header_mismatch'],
  ],
  [
    'an announced descriptor that is not there',
    buildZip([
      { ...FILE, descriptor: 'signed', descriptorBytes: Buffer.alloc(0) },
      { ...FILE, name: 'c' },
    ]),
    ['b/b.bin: header_mismatch', 'c'],
  ],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

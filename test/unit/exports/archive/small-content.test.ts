import { deflateRawSync } from 'node:zlib';
import { buildZip } from './build-zip.js';
import { FILE, NESTED, noise, outcomeOf, type Variation } from './outcome-of.js';

test.each<Variation>([
  [
    'a CRC-32 that is wrong everywhere',
    buildZip([{ ...FILE, local: { crc32: 1 }, central: { crc32: 1 } }]),
    ['b/b.bin: crc'],
  ],
  [
    'stored with two sizes',
    buildZip([{ ...FILE, method: 0, local: { size: 3 }, central: { size: 3 } }]),
    ['b/b.bin: size'],
  ],
  [
    'inflating to more than stated',
    buildZip([{ ...FILE, local: { size: 3 }, central: { size: 3 } }]),
    ['b/b.bin: size'],
  ],
  [
    'inflating to less than stated',
    buildZip([{ ...FILE, local: { size: 300 }, central: { size: 300 } }]),
    ['b/b.bin: size'],
  ],
  [
    'inflating to something where nothing is stated',
    buildZip([{ ...FILE, local: { size: 0 }, central: { size: 0 } }]),
    ['b/b.bin: size'],
  ],
  ['nothing deflated to two bytes', buildZip([{ name: 'e', method: 8 }]), ['e']],
  [
    'nothing where a deflate stream should be',
    buildZip([{ name: 'e', method: 8, data: Buffer.alloc(0) }]),
    ['e: corrupt'],
  ],
  [
    'bytes behind the end of the deflate stream',
    buildZip([
      { ...FILE, method: 8, data: Buffer.concat([deflateRawSync(Buffer.from(FILE.content)), noise(9)]) },
    ]),
    ['b/b.bin: trailing_data'],
  ],
  [
    'a deflate stream that is cut',
    buildZip([{ ...FILE, method: 8, data: deflateRawSync(Buffer.from(FILE.content)).subarray(0, -4) }]),
    ['b/b.bin: corrupt'],
  ],
  [
    'bytes that are no deflate stream',
    buildZip([{ ...FILE, method: 8, data: Buffer.alloc(40, 0xff) }]),
    ['b/b.bin: corrupt'],
  ],
  [
    'a zlib stream in place of a raw one',
    buildZip([
      {
        ...FILE,
        method: 8,
        data: Buffer.concat([Buffer.from([0x78, 0x9c]), deflateRawSync(Buffer.from(FILE.content))]),
      },
    ]),
    ['b/b.bin: corrupt'],
  ],
  ['an archive in it, deflated', buildZip([{ name: 'n.zip', content: NESTED }]), ['n.zip']],
  [
    'an archive in it, stored, last',
    buildZip([FILE, { name: 'n.zip', content: NESTED, method: 0 }]),
    ['b/b.bin', 'n.zip'],
  ],
  ['patched data', buildZip([{ ...FILE, flags: 0x20 }]), ['b/b.bin: method']],
  ['an unknown method', buildZip([{ ...FILE, method: 77 }]), ['b/b.bin: method']],
  ['compression level bits', buildZip([{ ...FILE, flags: 0x06 }]), ['b/b.bin']],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

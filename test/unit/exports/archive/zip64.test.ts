import { buildZip, extraField, u32, u64 } from './build-zip.js';
import { FILE, noise, outcomeOf, type Variation } from './outcome-of.js';

test.each<Variation>([
  ['zip64 records of a small archive', buildZip([FILE], { zip64End: true }), ['b/b.bin']],
  [
    'zip64 records beside an end record with the values',
    buildZip([FILE], { zip64End: true, end: { entries: 1, entriesOnDisk: 1 } }),
    ['b/b.bin'],
  ],
  [
    'zip64 records with another count than the end record',
    buildZip([FILE], { zip64End: true, end: { entries: 2 } }),
    'ambiguous',
  ],
  [
    'zip64 records with another offset than the end record',
    buildZip([FILE], { zip64End: true, end: { offset: 0 } }),
    'ambiguous',
  ],
  [
    'a zip64 record with extensible data',
    buildZip([FILE], { zip64End: true, end64: { extensible: noise(30) } }),
    ['b/b.bin'],
  ],
  [
    'a zip64 record whose size is wrong',
    buildZip([FILE], { zip64End: true, end64: { recordSize: 40 } }),
    'zip64_field',
  ],
  ['a zip64 record of another disk', buildZip([FILE], { zip64End: true, end64: { disk: 1 } }), 'split'],
  [
    'a zip64 record with two counts',
    buildZip([FILE], { zip64End: true, end64: { entriesOnDisk: 0 } }),
    'split',
  ],
  [
    'a zip64 locator that leads past the end',
    buildZip([FILE], { zip64End: true, locator: { offset: 2 ** 40 } }),
    'out_of_bounds',
  ],
  [
    'a zip64 locator that leads to nowhere',
    buildZip([FILE], { zip64End: true, end64: { extensible: noise(8) }, locator: { offset: 3 } }),
    'zip64_field',
  ],
  ['a zip64 locator of two disks', buildZip([FILE], { zip64End: true, locator: { disks: 2 } }), 'split'],
  [
    'a zip64 locator that says no disk',
    buildZip([FILE], { zip64End: true, locator: { disks: 0 } }),
    ['b/b.bin'],
  ],
  ['zip64 referred to without its records', buildZip([FILE], { end: { offset: 0xffffffff } }), 'zip64_field'],
  [
    'a zip64 locator inside the directory',
    buildZip([{ ...FILE, comment: Buffer.concat([u32(0x07064b50, 0), u64(0), u32(1)]) }]),
    'ambiguous',
  ],
  ['sizes in a zip64 field', buildZip([{ ...FILE, zip64: 'sizes' }]), ['b/b.bin']],
  ['sizes and offset in a zip64 field', buildZip([{ ...FILE, zip64: 'all' }]), ['b/b.bin']],
  [
    'sizes in a zip64 field of both headers',
    buildZip([{ ...FILE, zip64: 'all', localZip64: true }]),
    ['b/b.bin'],
  ],
  ['sizes in a zip64 field of the local header', buildZip([{ ...FILE, localZip64: true }]), ['b/b.bin']],
  [
    'a zip64 field behind other fields',
    buildZip([
      {
        ...FILE,
        central: { size: 0xffffffff },
        extra: Buffer.concat([extraField(0x5455, noise(5)), extraField(1, u64(FILE.content.length))]),
      },
    ]),
    ['b/b.bin'],
  ],
  [
    'a zip64 field longer than it is needed',
    buildZip([
      { ...FILE, central: { size: 0xffffffff }, extra: extraField(1, u64(FILE.content.length, 7, 7)) },
    ]),
    ['b/b.bin'],
  ],
  [
    'a zip64 field that is too short',
    buildZip([
      {
        ...FILE,
        central: { size: 0xffffffff, compressedSize: 0xffffffff },
        extra: extraField(1, u64(FILE.content.length)),
      },
    ]),
    'zip64_field',
  ],
  [
    'two zip64 fields',
    buildZip([
      {
        ...FILE,
        central: { size: 0xffffffff },
        extra: Buffer.concat([extraField(1, u64(FILE.content.length)), extraField(1, u64(1))]),
      },
    ]),
    'zip64_field',
  ],
  [
    'a zip64 field that nothing refers to',
    buildZip([{ ...FILE, extra: extraField(1, u64(1, 2, 3)) }]),
    ['b/b.bin'],
  ],
  [
    'a zip64 offset past the end',
    buildZip([{ ...FILE, central: { offset: 0xffffffff }, extra: extraField(1, u64(2n ** 63n)) }]),
    'out_of_bounds',
  ],
  [
    'a zip64 size of all ones',
    buildZip([{ ...FILE, central: { size: 0xffffffff }, extra: extraField(1, u64(2n ** 64n - 1n)) }]),
    ['b/b.bin: too_large'],
  ],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

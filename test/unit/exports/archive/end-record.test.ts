import { buildZip, endRecord } from './build-zip.js';
import { FILE, NESTED, noise, outcomeOf, type Variation } from './outcome-of.js';

const empty = endRecord({ disk: 0, directoryDisk: 0, entriesOnDisk: 0, entries: 0, size: 0, offset: 0 });

test.each<Variation>([
  ['an empty archive of 22 bytes', empty, []],
  ['an empty archive with a comment', buildZip([], { comment: Buffer.from('nothing') }), []],
  ['an empty archive with zip64 records', buildZip([], { zip64End: true }), []],
  ['an empty archive behind other bytes', buildZip([], { prefix: noise(100), unadjusted: true }), 'offsets'],
  ['a comment of 65,535 bytes', buildZip([FILE], { comment: noise(65_535) }), ['b/b.bin']],
  ['a comment that is an archive', buildZip([FILE], { comment: NESTED }), 'ambiguous'],
  [
    'a comment that begins as an end record',
    buildZip([FILE], { comment: Buffer.concat([empty, noise(40)]) }),
    ['b/b.bin'],
  ],
  ['bytes in front, with offsets that count them', buildZip([FILE], { prefix: noise(1_000) }), ['b/b.bin']],
  [
    'bytes in front, with offsets that do not',
    buildZip([FILE], { prefix: noise(1_000), unadjusted: true }),
    'offsets',
  ],
  [
    'bytes in front of zip64 records, with offsets that do not',
    buildZip([FILE], { prefix: noise(1_000), unadjusted: true, zip64End: true }),
    'offsets',
  ],
  [
    'a marker of a split archive that fits one disk',
    buildZip([FILE], { prefix: Buffer.from('PK00') }),
    ['b/b.bin'],
  ],
  ['bytes behind', buildZip([FILE], { trailing: noise(1) }), 'trailing_bytes'],
  ['bytes behind zip64 records', buildZip([FILE], { zip64End: true, trailing: noise(50) }), 'trailing_bytes'],
  ['100 KB of bytes behind', buildZip([FILE], { trailing: noise(100_000) }), 'trailing_bytes'],
  [
    'an archive within it, cut behind that',
    buildZip([{ name: 'n.zip', content: NESTED, method: 0 }]).subarray(0, -30),
    'truncated',
  ],
  ['a comment that is cut', buildZip([FILE], { comment: noise(50) }).subarray(0, -1), 'truncated'],
  ['an end record that is cut by a byte', buildZip([FILE]).subarray(0, -1), 'truncated'],
  ['only a local header', buildZip([FILE]).subarray(0, 60), 'truncated'],
  ['bytes of no archive', noise(5_000), 'not_a_zip'],
  ['three bytes', noise(3), 'not_a_zip'],
  ['a gzip file', Buffer.from('1f8b0800000000000003', 'hex'), 'not_a_zip'],
  ['the last disk of several', buildZip([FILE], { end: { disk: 2 } }), 'split'],
  ['a directory on another disk', buildZip([FILE], { end: { directoryDisk: 1 } }), 'split'],
  ['an entry on another disk', buildZip([{ ...FILE, disk: 1 }]), 'split'],
  [
    'more entries in all than on this disk',
    buildZip([FILE, { ...FILE, name: 'c' }], { end: { entriesOnDisk: 1 } }),
    'split',
  ],
  [
    'fewer entries stated than there are',
    buildZip([FILE, { ...FILE, name: 'c' }], { end: { entriesOnDisk: 1, entries: 1 } }),
    'count_mismatch',
  ],
  [
    'more entries stated than there are',
    buildZip([{ ...FILE, comment: noise(100) }], { end: { entriesOnDisk: 2, entries: 2 } }),
    'count_mismatch',
  ],
  [
    'no entry stated where one is',
    buildZip([FILE], { end: { entriesOnDisk: 0, entries: 0 } }),
    'count_mismatch',
  ],
  [
    'bytes behind the last header of the directory',
    buildZip([FILE], { directoryTail: noise(12) }),
    'count_mismatch',
  ],
  ['a directory beyond the end', buildZip([FILE], { end: { offset: 100_000 } }), 'out_of_bounds'],
  ['a directory a byte too early', buildZip([FILE], { end: { offset: 60 } }), 'offsets'],
  [
    'no directory where it is said to be',
    (() => {
      const bytes = buildZip([FILE]);
      bytes.write('XX', bytes.indexOf('PK\x01\x02', 0, 'latin1'));
      return bytes;
    })(),
    'offsets',
  ],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

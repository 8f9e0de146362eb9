import { buildZip } from './build-zip.js';
import { FILE, NESTED, noise, outcomeOf, type Variation } from './outcome-of.js';

test.each<Variation>([
  [
    'an offset inside the directory',
    buildZip([FILE, { ...FILE, name: 'c', central: { offset: 190 } }]),
    'out_of_bounds',
  ],
  [
    'content that reaches into the directory',
    buildZip([{ ...FILE, method: 0, central: { compressedSize: 1_000 } }]),
    'out_of_bounds',
  ],
  [
    'two entries at one offset',
    buildZip([FILE, { ...FILE, name: 'b/c.bin', central: { offset: 0 } }]),
    'overlap',
  ],
  [
    'content that reaches into the next entry',
    buildZip([
      { ...FILE, central: { compressedSize: 100 } },
      { ...FILE, name: 'c', content: noise(5_000), method: 0 },
    ]),
    'overlap',
  ],
  [
    'an entry within the content of another',
    buildZip([
      { name: 'a', content: Buffer.concat([noise(5), NESTED]), method: 0 },
      { ...FILE, name: 'inner.txt', central: { offset: 36 } },
    ]),
    'overlap',
  ],
  [
    'extra fields of a local header that reach into the next entry',
    (() => {
      const bytes = buildZip([
        { name: 'a', content: 'x', method: 0 },
        { name: 'b', content: FILE.content },
      ]);
      bytes.writeUInt16LE(20, 28);
      return bytes;
    })(),
    'overlap',
  ],
  [
    'extra fields of a local header that reach into the directory',
    (() => {
      const bytes = buildZip([{ name: 'a', content: 'x', method: 0 }]);
      bytes.writeUInt16LE(20, 28);
      return bytes;
    })(),
    'out_of_bounds',
  ],
  ['gaps between entries', buildZip([FILE, { ...FILE, name: 'c', gap: noise(300) }]), ['b/b.bin', 'c']],
  [
    'a directory in another order',
    buildZip([FILE, { ...FILE, name: 'c' }], { directoryOrder: [1, 0] }),
    ['c', 'b/b.bin'],
  ],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

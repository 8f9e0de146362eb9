import { buildZip } from './build-zip.js';
import { FILE, outcomeOf, type Variation } from './outcome-of.js';

const mode = (bits: number): { externalAttributes: number } => ({ externalAttributes: (bits << 16) >>> 0 });

test.each<Variation>([
  ['a directory', buildZip([{ name: 'd/' }, FILE]), ['d/', 'b/b.bin']],
  [
    'a directory as Java writes it, deflated with a descriptor',
    buildZip([{ name: 'd/', method: 8, descriptor: 'signed' }]),
    ['d/'],
  ],
  [
    'a directory with content by its descriptor',
    buildZip([{ name: 'd/', content: FILE.content, descriptor: 'signed' }]),
    ['d/: directory_data'],
  ],
  [
    'a directory of no size that has stored bytes',
    buildZip([{ name: 'd/', data: Buffer.from('hidden') }]),
    ['d/: directory_data'],
  ],
  ['a directory twice', buildZip([{ name: 'd/' }, { name: 'd/' }]), ['d/', 'd/']],
  ['a directory by its mode, without a slash', buildZip([{ name: 'd', ...mode(0o40755) }]), ['d']],
  [
    'a directory by its mode, with content',
    buildZip([{ name: 'd', content: FILE.content, ...mode(0o40755) }]),
    ['d: directory_data'],
  ],
  [
    'a regular file by its mode, set as DOS directory',
    buildZip([{ ...FILE, externalAttributes: 0x81a40010 }]),
    ['b/b.bin'],
  ],
  ['a link', buildZip([{ name: 'l', content: '/etc/passwd', ...mode(0o120777) }]), ['l: not_a_file']],
  [
    'a link that says DOS has made it',
    buildZip([{ name: 'l', content: '/etc/passwd', madeBy: 20, ...mode(0o120777) }]),
    ['l: not_a_file'],
  ],
  [
    'a link of macOS',
    buildZip([{ name: 'l', content: '/etc/passwd', madeBy: 0x131e, ...mode(0o120777) }]),
    ['l: not_a_file'],
  ],
  ['a link named as a directory', buildZip([{ name: 'l/', ...mode(0o120777) }]), ['l/: not_a_file']],
  ...[0o10644, 0o20644, 0o60644, 0o140644].map((bits): [string, Buffer, string[]] => [
    `a device of mode ${bits.toString(8)}`,
    buildZip([{ name: 's', ...mode(bits) }]),
    ['s: not_a_file'],
  ]),
  ['a file with Unix mode 0', buildZip([{ ...FILE, ...mode(0) }]), ['b/b.bin']],
])('%s', async (_what, archive, expected) => {
  expect(await outcomeOf(archive)).toEqual(expected);
});

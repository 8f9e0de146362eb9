import { contentOfBuffer } from '../../export-api/content.js';
import { entry, file, job, type SeededJob } from '../seeded-job.js';
import { reports } from './small-files.js';

const KB = 1024;
const MB = 1024 * KB;
/** Above the size from which ratios are looked at, from 70 KB. */
const BOMB = { block: Buffer.alloc(MB), times: 80 };

/** Archives and entries that are not what they should be, beside some that are. */
export function badArchives(): SeededJob[] {
  const good = reports('good');
  return [
    job(
      'hostile_names',
      'hostile',
      [
        file('slip', [
          entry('fine.txt', KB),
          ...['../../etc/passwd', '/etc/passwd', 'C:/windows/x', 'a/../b', 'nul\0.txt'].map((name) =>
            entry(name, 100, { expected: ['name_unsafe'] }),
          ),
          entry('link', 20, { mode: 0o120777, expected: ['not_a_file'] }),
          entry('double', 30, { expected: ['duplicate_name'] }),
          entry('double', 40, { expected: ['duplicate_name'] }),
        ]),
      ],
      { state: 'partial' },
    ),
    job(
      'damaged_entries',
      'damaged',
      [
        file('damaged', [
          entry('fine.txt', KB),
          entry('crc.txt', 5000, { lies: { crc32: 0xbad }, expected: ['crc'] }),
          entry('secret.txt', 100, { lies: { flags: 0x0801 }, expected: ['encrypted'] }),
          entry('lzma.txt', 100, { lies: { method: 14 }, expected: ['method'] }),
          entry('torn.txt', 5000, {
            packed: Buffer.from('no deflate stream'),
            expected: ['corrupt', 'size'],
          }),
        ]),
      ],
      { state: 'partial' },
    ),
    job(
      'bomb',
      'bomb',
      [
        file('bomb', [
          entry('fine.txt', KB),
          { name: 'bomb.bin', data: BOMB, expected: ['ratio'], metadataSize: null },
        ]),
      ],
      { state: 'partial' },
    ),
    job(
      'broken_archive',
      'broken',
      [good, { ...file('cut', [entry('lost.txt', 9000)], { cut: 30 }), expected: ['truncated'] }],
      {
        state: 'partial',
      },
    ),
    job(
      'no_archive',
      'page-for-people',
      [
        good,
        {
          ...{ id: 'page', name: 'page.zip', entries: [], expected: ['not_a_zip'] },
          content: contentOfBuffer(Buffer.from('<!doctype html><title>Sign in</title>'.repeat(20))),
        },
      ],
      { state: 'partial' },
    ),
    job('gone', 'gone', [good, { ...reports('gone'), expected: ['gone'] }], {
      state: 'partial',
      faults: [{ on: 'file', fileId: 'gone', times: Infinity, fault: { status: 404, code: 'file_unknown' } }],
    }),
  ];
}

import { entry, file, job, textOf, type SeededJob } from '../seeded-job.js';
import { reports } from './small-files.js';

const KB = 1024;

/** Jobs of which table and archives do not say the same, or two archives want one key. */
export function metadataTrouble(): SeededJob[] {
  const same = entry('shared.txt', 3000);
  return [
    job(
      'no_metadata',
      'unknown-entries',
      [
        file('one', [
          entry('known.txt', KB),
          entry('unknown.txt', KB, { expected: ['no_metadata'], metadataSize: null }),
        ]),
      ],
      {
        state: 'partial',
      },
    ),
    job(
      'other_size',
      'other-size',
      [
        file('one', [
          entry('known.txt', KB),
          entry('long.txt', KB, { expected: ['metadata_size'], metadataSize: 7 }),
        ]),
      ],
      {
        state: 'partial',
      },
    ),
    job('missing', 'missing-entries', [reports('one')], {
      state: 'partial',
      missing: ['never sent.txt', 'nor this.txt'],
    }),
    job('same_object', 'same-twice', [file('one', [same]), file('two', [same])]),
    job(
      'key_taken',
      'rivals',
      [
        file('one', [entry('fine.txt', KB), entry('rival.txt', 3000, { expected: 'rival' })]),
        file('two', [{ ...entry('rival.txt', 3000), data: textOf('another', 3000), expected: 'rival' }]),
      ],
      { state: 'partial' },
    ),
  ];
}

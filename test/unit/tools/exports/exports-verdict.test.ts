import { noComplaints, type ExportsVerdict } from '#tools/exports/complaints.js';
import { judgeExports } from '#tools/exports/exports-verdict.js';
import { JOBS, NAME } from './judged-jobs.js';
import { EMPTY, soundWorld, written, type SoundWorld } from './sound-world.js';

it('finds nothing where all is as it was served', () => {
  expect(judgeExports(JOBS, soundWorld(JOBS))).toEqual(noComplaints());
});

it('finds nothing where a cancelled job has an object that it does not tell of', () => {
  const sound = soundWorld(JOBS);
  const cancelled = sound.found('f');
  cancelled.manifest = [];
  cancelled.result!.entries.uploaded = 0;
  expect(judgeExports(JOBS, sound)).toEqual(noComplaints());
});

type Damage = [string, (sound: SoundWorld) => void, Partial<ExportsVerdict>];
const containing = (part: string): string => expect.stringContaining(part) as string;

const DAMAGES: Damage[] = [
  [
    'an object is lost',
    ({ world }) => world.objects.delete('default/a/x.txt'),
    { lost: [`${NAME.a}: the object out/default/a/x.txt of its manifest is not there`] },
  ],
  [
    'an object has other bytes',
    ({ world }) => world.objects.set('default/a/x.txt', { size: 10, crc32: 'bad' }),
    { wrong: [containing(`${NAME.a}: the object of one x.txt is {"size":10,"crc32":"bad"}`)] },
  ],
  [
    'an object is nobody’s',
    ({ world }) => world.objects.set('default/g/x.txt', { size: 1, crc32: '0' }),
    { wrong: ['the object default/g/x.txt of 1 bytes belongs to no entry'] },
  ],
  [
    'an entry is not told',
    ({ found }) => {
      const { manifest, result } = found('a');
      manifest.pop();
      result!.entries.uploaded -= 1;
    },
    {
      lost: [
        `${NAME.a}: two z.txt is not in the manifest`,
        'no manifest tells of the object default/a/z.txt',
      ],
    },
  ],
  [
    'an entry is told twice',
    ({ found }) => {
      const { manifest, result } = found('a');
      manifest.push(manifest[0]!);
      result!.entries.uploaded += 1;
    },
    { doubled: [`${NAME.a}: an entry stands twice in the manifest`] },
  ],
  [
    'an entry is placed that must be refused',
    ({ world, found }) => {
      const { manifest, rejects, result } = found('b');
      const row = { ...manifest[0]!, entry: '../y', key: 'out/default/b/../y' };
      manifest.push(row);
      world.objects.set('default/b/../y', { size: row.size, crc32: row.crc32 });
      rejects.pop();
      Object.assign(result!.entries, { uploaded: 2, rejected: 0 });
      result!.rejected_by_reason = {};
    },
    {
      lost: [`${NAME.b}: one "../y" was not refused as name_unsafe`],
      wrong: [`${NAME.b}: one ../y is in the manifest`],
    },
  ],
  [
    'a refusal has another reason',
    ({ found }) => {
      found('b').rejects[0]!.reason = 'crc';
      found('b').result!.rejected_by_reason = { crc: 1 };
    },
    {
      lost: [`${NAME.b}: one "../y" was not refused as name_unsafe`],
      wrong: [`${NAME.b}: one "../y" was refused as crc`],
    },
  ],
  [
    'both rivals are said to be in place',
    ({ found }) => {
      const { manifest, rejects, result } = found('c');
      manifest.push({ ...manifest[1]!, file_id: 'two', ordinal: 1, outcome: 'skipped_equal' });
      rejects.pop();
      Object.assign(result!.entries, { skipped_equal: 1, rejected: 0 });
      result!.rejected_by_reason = {};
    },
    {
      lost: [`${NAME.c}: two "rival.txt" was not refused as key_taken`],
      wrong: [`${NAME.c}: two rival.txt is in the manifest`],
    },
  ],
  [
    'a file that failed is not told',
    ({ found }) => found('d').rejects.pop(),
    { lost: [`${NAME.d}: two was not refused as gone`] },
  ],
  [
    'a missing row is not told',
    ({ found }) => {
      found('b').missing.pop();
      found('b').result!.entries.missing = 0;
    },
    { lost: [`${NAME.b}: the missing row z.txt is not told`] },
  ],
  [
    'a row is told as missing that has its entry',
    ({ found }) => {
      found('b').missing.push({ entry: 'x.txt' });
      found('b').result!.entries.missing = 2;
    },
    { wrong: [`${NAME.b}: x.txt is told as missing`] },
  ],
  [
    'two files have one ordinal',
    ({ found }) => (found('a').manifest[2]!.ordinal = 0),
    {
      wrong: [
        `${NAME.a}: its 2 files of which something is told have 1 ordinals`,
        `${NAME.a}: file 0 was settled before z.txt was there`,
      ],
    },
  ],
  [
    'a job has no result',
    ({ found }) => (found('f').result = undefined),
    { lost: ['default/f (cancelled): it has no result'] },
  ],
  [
    'a job ended in another way',
    ({ found }) => (found('a').result!.state = 'failed'),
    { wrong: [`${NAME.a}: state: ["failed",null] instead of ["succeeded",null]`] },
  ],
  [
    'a job was tried again without need',
    ({ found }) => (found('a').result!.attempt = 2),
    { wrong: [`${NAME.a}: attempt: 2 instead of 1`] },
  ],
  [
    'a result counts otherwise than its lists',
    ({ found }) => (found('a').result!.entries.uploaded = 2),
    { wrong: [`${NAME.a}: entries uploaded: 2 instead of 3`, `${NAME.a}: entries in place: 2 instead of 3`] },
  ],
  [
    'a result counts files otherwise',
    ({ found }) => (found('a').result!.files.settled = 1),
    { wrong: [`${NAME.a}: files: [2,1,0] instead of [2,2,0]`] },
  ],
  [
    'an upload is open',
    ({ world }) => world.openUploads.push('k'),
    { orphaned: ['an upload of k was left open'] },
  ],
  [
    'a spooled file is left',
    ({ world }) => world.leftInState.push('_spool/k'),
    { orphaned: ['_spool/k was left in the state'] },
  ],
  [
    'a message is left',
    ({ world }) => (world.queues.tasks = { ...EMPTY, in_flight: 1 }),
    { wrong: ['the queue of tasks still has 1 messages'] },
  ],
  [
    'a task died that should not',
    ({ world }) => world.deadLetters.tasks.push('{"export_id":"a"}'),
    { wrong: ['tasks of ["a","e"] are dead letters instead of ["e"]'] },
  ],
  [
    'a message is a dead letter',
    ({ world }) => world.deadLetters.jobs.push('x'),
    { wrong: ['the dead letters of jobs are x instead of '] },
  ],
  [
    'an object was written twice',
    ({ events }) => events.push(written('out/default/a/x.txt')),
    { doubled: ['out/default/a/x.txt was written 2 times'] },
  ],
  [
    'a file was settled twice',
    ({ events }) => events.push(written('state/default/a/files/0000000.json')),
    { doubled: ['state/default/a/files/0000000.json was written 2 times'] },
  ],
  [
    'a file was settled before its last object was there',
    ({ events }) => {
      const last = events.findIndex((event) => 'write' in event && event.write.key === 'out/default/a/y.txt');
      events.push(...events.splice(last, 1));
    },
    { wrong: [`${NAME.a}: file 0 was settled before y.txt was there`] },
  ],
  [
    'a message was deleted before its file was settled',
    ({ events }) => {
      events.unshift({
        deleted: '{"source":"default","export_id":"a","files":[{"ordinal":0},{"ordinal":1}]}',
      });
    },
    { wrong: ['a task of default/a was deleted before 2 of its files were settled'] },
  ],
];

it.each(DAMAGES)('tells when %s, and nothing else', (_, damage, told) => {
  const sound = soundWorld(JOBS);
  damage(sound);
  expect(judgeExports(JOBS, sound)).toEqual({ ...noComplaints(), ...told });
});

it('takes a write whose answer never came for none', () => {
  const sound = soundWorld(JOBS);
  sound.events.push({ write: { bucket: 'bucket', key: 'out/default/a/x.txt', stored: undefined } });
  expect(judgeExports(JOBS, sound)).toEqual(noComplaints());
});

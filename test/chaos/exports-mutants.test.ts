import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noComplaints, type ExportsVerdict } from '../../tools/exports/complaints.js';
import { singles } from '../../tools/exports/kinds/small-files.js';
import { entry, file, job, noiseOf, type SeededJob } from '../../tools/exports/seeded-job.js';
import { projectRoot } from '../../tools/stack/folders.js';
import { startExportsStack, type ExportsStack } from '../../tools/stack/start-stack.js';
import { mutantOf, type Mutation } from './mutant.js';
import { verdictOf } from './mutant-world.js';

/** Seconds on an idle machine; this one may be busy with other things. */
const STORY_MS = 420_000;
const MB = 1024 * 1024;

/** The smallest jobs in which the mistakes show, by what they are about. */
function jobsOf(source: string, kinds?: readonly string[]): SeededJob[] {
  const rival = (content: string): ReturnType<typeof entry> => ({
    ...entry('rival.txt', 1000, { expected: 'rival' }),
    data: noiseOf(content, 1000),
  });
  const large = {
    name: 'large.bin',
    data: noiseOf('large', 17 * MB),
    method: 'store',
    expected: 'placed',
  } as const;
  const jobs = [
    job('archive', 'archive', [file('one', [entry('a.txt', 1000), entry('b.txt', 1000)])]),
    job('listed_twice', 'listed-twice', [...singles(3, 500), ...singles(1, 500)], { api: { pageSize: 2 } }),
    job(
      'rivals',
      'rivals',
      [file('one', [entry('own.txt', 1000), rival('one')]), file('two', [rival('two')])],
      {
        state: 'partial',
      },
    ),
    job(
      'metadata',
      'metadata',
      [
        file('one', [
          entry('known.txt', 1000),
          entry('long.txt', 1000, { expected: ['metadata_size'], metadataSize: 7 }),
        ]),
      ],
      { state: 'partial' },
    ),
    // Three parts, of which no two are the same.
    job('large', 'large', [file('one', [large])]),
  ];
  return jobs
    .filter(({ kind }) => kinds?.includes(kind) !== false)
    .map((one) => ({ ...one, ref: { source, export_id: `${source}-${one.ref.export_id}` } }));
}

interface Mutant {
  mistake: string;
  source: string;
  /** Jobs in which it shows. */
  kind: string;
  mutations: readonly Mutation[];
  told: (verdict: ExportsVerdict) => readonly string[];
  words: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    mistake: 'a fragment is written before the last object',
    ...{ source: 'fragment-first', kind: 'archive', told: ({ wrong }) => wrong, words: 'was settled before' },
    mutations: [
      {
        file: 'pipelines/exports/work/upload-entry.js',
        from: 'settle(outcomes, wanted, await uploader.upload(toUpload, controls), meter);',
        to: `if (entry.n < archive.count - 1) {
               settle(outcomes, wanted, await uploader.upload(toUpload, controls), meter);
             } else {
               settle(outcomes, wanted, { outcome: 'uploaded', bytesUploaded: entry.size }, meter);
               const later = { ...controls, signal: new AbortController().signal };
               setTimeout(() => uploader.upload(toUpload, later), 1000);
             }`,
      },
    ],
  },
  {
    mistake: 'ordinals are positions in pages',
    ...{
      source: 'page-position',
      kind: 'listed_twice',
      told: ({ doubled }) => doubled,
      words: 'twice in the manifest',
    },
    mutations: [
      {
        file: 'activities/exports/known-listing.js',
        from: 'files.filter(({ id }) => ids.add(id))',
        to: 'files.filter(({ id }) => (ids.add(id), true))',
      },
    ],
  },
  {
    mistake: 'an object counts as done by its key alone',
    ...{
      source: 'key-alone',
      kind: 'rivals',
      told: ({ wrong }) => wrong,
      words: 'rival.txt is in the manifest',
    },
    mutations: [
      {
        file: 'pipelines/exports/upload/taken-key.js',
        from: 'if (head.size === entry.size && crc32 === entry.crc32) {',
        to: 'if (true) {',
      },
    ],
  },
  {
    mistake: 'a message is deleted before the fragment is written',
    ...{ source: 'delete-first', kind: 'archive', told: ({ wrong }) => wrong, words: 'was deleted before' },
    mutations: [
      {
        file: 'activities/exports/download-task.js',
        from: 'await job.fragments.write(outcome.fragment, outcome.rows, signal);',
        to: `held.finish('settled');
             await new Promise((resolve) => setTimeout(resolve, 1000));
             await job.fragments.write(outcome.fragment, outcome.rows, context.cancellationSignal);`,
      },
      {
        file: 'activities/exports/download-task.js',
        from: 'async function settle(job, file, held, { signal, startedMs }) {',
        to: 'async function settle(job, file, held, { signal, startedMs }) { const context = activity_1.Context.current();',
      },
    ],
  },
  {
    mistake: 'the metadata is not looked at',
    ...{
      source: 'no-check',
      kind: 'metadata',
      told: ({ wrong }) => wrong,
      words: 'long.txt is in the manifest',
    },
    mutations: [
      {
        file: 'pipelines/exports/work/judge-entries.js',
        from: 'const mismatch = metadataMismatch(entry, metadata);',
        to: 'const mismatch = undefined;',
      },
    ],
  },
  {
    mistake: 'a part goes to the wrong place',
    ...{
      source: 'wrong-place',
      kind: 'large',
      told: ({ wrong }) => wrong,
      words: 'the object of one large.bin is',
    },
    mutations: [
      {
        file: 'pipelines/exports/upload/send-parts.js',
        from: 'sent.push(await store.uploadPart(upload, part.partNumber,',
        to: `const place = part.partNumber < 3 ? 3 - part.partNumber : part.partNumber;
             sent.push(await store.uploadPart(upload, place,`,
      },
      // Else it would not be completed: whoever makes the one mistake may make the other.
      { file: 'pipelines/exports/upload/upload-in-parts.js', from: 'checkWhole(entry, parts);', to: '' },
    ],
  },
];

let folder: string;
let stack: ExportsStack;
const verdicts = new Map<string, Promise<ExportsVerdict>>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-mutants-'));
  // Not somebody else's servers, whatever the environment names.
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|TEMPORAL_)/.test(name));
  stack = await startExportsStack({ folder, environment: Object.fromEntries(own) });
  // Side by side, since each waits most of its time.
  for (const { source, kind, mutations } of MUTANTS)
    verdicts.set(source, verdictOfMutant(source, kind, mutations));
}, STORY_MS);
afterAll(async () => {
  await Promise.allSettled(verdicts.values());
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}, STORY_MS);

async function verdictOfMutant(
  source: string,
  kind: string,
  mutations: readonly Mutation[],
): Promise<ExportsVerdict> {
  const mutant = mutantOf(mutations);
  try {
    return await verdictOf({ name: source, dist: mutant.dist, jobs: jobsOf(source, [kind]), folder }, stack);
  } finally {
    mutant.remove();
  }
}

describe('the checker of exports', () => {
  test(
    'has nothing to say of processes without a mistake',
    async () => {
      const dist = join(projectRoot(), 'dist');
      expect(await verdictOf({ name: 'sound', dist, jobs: jobsOf('sound'), folder }, stack)).toEqual(
        noComplaints(),
      );
    },
    STORY_MS,
  );

  test.each(MUTANTS)(
    'notices that $mistake',
    async ({ source, told, words }) => {
      expect(told(await verdicts.get(source)!).join('\n')).toContain(words);
    },
    STORY_MS,
  );
});

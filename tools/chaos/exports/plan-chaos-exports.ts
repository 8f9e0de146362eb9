import { badArchives } from '../../exports/kinds/bad-archives.js';
import { metadataTrouble } from '../../exports/kinds/metadata-trouble.js';
import { reports, singles } from '../../exports/kinds/small-files.js';
import { jobsWithoutFiles } from '../../exports/kinds/without-files.js';
import { entry, file, job, noiseOf, type SeededFile, type SeededJob } from '../../exports/seeded-job.js';
import { randomFrom, type Random } from '../random.js';
import { largeJobs, largeRivals } from './large-jobs.js';

const KB = 1024;
/** From so many records on, there is time for more of what takes long. */
const LONG_RUN_RECORDS = 1000;
const LATE_SHARE = 0.85;

export interface ChaosPlanOptions {
  /** Entries over all jobs, about: kinds that are there once take some hundred. */
  records: number;
  seed: number;
}

/** Jobs of every kind, and what must become of each whatever happens meanwhile; the same for the same seed. */
export function planChaosExports({ records, seed }: ChaosPlanOptions): SeededJob[] {
  const random = randomFrom(seed);
  const isLong = records >= LONG_RUN_RECORDS;
  const jobs = [
    ...jobsOnce(),
    ...badArchives(),
    ...metadataTrouble(),
    ...jobsWithoutFiles(),
    ...largeRivals(),
    ...largeJobs(isLong ? 8 : 2, random),
    ...cancelledJobs(isLong ? 4 : 2),
  ];
  jobs.push(...smallJobs(records - entriesOf(jobs), random));
  const planned = random.shuffled(jobs);
  // Work has to be there when faults are.
  for (const one of planned) one.isLate = one.dies !== true && (isWanted(one) || random.next() < LATE_SHARE);
  return planned;
}

export function entriesOf(jobs: readonly SeededJob[]): number {
  return jobs.flatMap(({ files }) => files).reduce((sum, { entries }) => sum + entries.length, 0);
}

const isWanted = ({ kind, cancel }: SeededJob): boolean =>
  cancel !== undefined || kind === 'large' || kind === 'several_pages';

/** Kinds of which one is enough, or two of which belong together. */
function jobsOnce(): SeededJob[] {
  const second = { source: 'second', export_id: 'same-id' };
  const shared = (id: string, content: string): SeededFile =>
    file(id, [
      entry(`${id}.txt`, KB),
      {
        ...entry('shared.txt', 3000),
        data: noiseOf(content, 3000),
        targetKey: 'shared/object.bin',
        expected: 'rival',
      },
    ]);
  return [
    job('plain', 'id with / and % and ü', [reports('one')], { isSentTwice: true }),
    job('plain', 'same-id', [reports('first')]),
    job('second_source', 'same-id', [reports('second')], { ref: second }),
    job('dead_letter', 'dead-letter', [{ ...reports('one'), expected: ['dead_letter'] }], {
      ...{ state: 'failed', dies: true },
    }),
    job(
      'no_ranges',
      'no-ranges',
      [1, 2].map((n) => ({ ...reports(`spooled-${n}`, 6), ranges: 'none' as const })),
    ),
    job('rival_keys', 'rival-keys', [shared('one', 'a'), shared('two', 'b'), shared('three', 'a')], {
      state: 'partial',
    }),
    job('relisted', 'relisted', singles(24, 3 * KB), { api: { pageSize: 5 }, relistsAfterPages: 2 }),
    job('listed_twice', 'listed-twice', [...singles(12, 3 * KB), ...singles(5, 3 * KB)], {
      api: { pageSize: 4 },
    }),
    job('empty_page', 'empty-page', singles(20, 3 * KB), { api: { pageSize: 6, emptyPages: [0, 2] } }),
    job('not_ready', 'not-ready', [reports('one')], { api: { readyAfterPolls: 2, pollAfterSeconds: 1 } }),
  ];
}

/** Long enough that somebody can cancel them in the middle of their downloads. */
function cancelledJobs(count: number): SeededJob[] {
  const ids = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
  return Array.from({ length: count }, (_, index) =>
    job(
      'cancelled',
      `cancelled-${index}`,
      ids.map((id) => reports(id, 3, 400 * KB)),
      {
        ...{ state: 'cancelled', orState: 'succeeded' },
        cancel: { afterBytes: 20 * KB, by: index % 2 === 0 ? 'signal' : 'cancellation' },
        faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: 20 * KB } }],
      },
    ),
  );
}

/** Listings of several pages and archives of many entries in turn, until there are so many entries. */
function smallJobs(entries: number, random: Random): SeededJob[] {
  const jobs: SeededJob[] = [];
  for (let left = entries; left > 0; left -= entriesOf(jobs.slice(-1))) {
    const number = jobs.length;
    jobs.push(number % 2 === 0 ? manyFiles(number, left, random) : fewFiles(number, left, random));
  }
  return jobs;
}

function manyFiles(number: number, most: number, random: Random): SeededJob {
  const count = Math.min(most, random.between(20, 90));
  const files = Array.from({ length: count }, (_, index) =>
    reports(`f${index}`, 1, random.between(100, 12 * KB)),
  );
  const pageSize = Math.ceil(count / random.between(3, 20));
  return job('several_pages', `pages-${number}`, files, { api: { pageSize } });
}

function fewFiles(number: number, most: number, random: Random): SeededJob {
  const files: SeededFile[] = [];
  for (let left = Math.min(most, random.between(20, 120)); left > 0;) {
    const count = Math.min(left, random.between(5, 60));
    files.push(reports(`f${files.length}`, count, random.between(100, 20 * KB)));
    left -= count;
  }
  const missing = random.next() < 0.2 ? [`never sent ${number}.txt`] : [];
  return job('archives', `archives-${number}`, files, {
    ...{ missing, state: missing.length > 0 ? 'partial' : 'succeeded' },
  });
}

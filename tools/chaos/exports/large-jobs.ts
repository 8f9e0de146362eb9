import { entry, file, job, noiseOf, type SeededEntry, type SeededJob } from '../../exports/seeded-job.js';
import type { Random } from '../random.js';

const MB = 1024 * 1024;
/** An entry takes seconds, so that a process can be ended in the middle of it. */
const BYTES_PER_SECOND = 6 * MB;
/** Parts have 8 MiB: three of them. */
const LEAST_MB = 17;
const MOST_MB = 23;

const large = (name: string, bytes: number, more: Partial<SeededEntry> = {}): SeededEntry => ({
  ...{ name, data: noiseOf(name, bytes), method: 'store', expected: 'placed' },
  ...more,
});

/** Jobs of one entry of several parts, stored and deflated in turn, beside a small one. */
export function largeJobs(count: number, random: Random): SeededJob[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `large-${index}`;
    const bytes = random.between(LEAST_MB * MB, MOST_MB * MB);
    const method = index % 2 === 0 ? 'store' : 'deflate';
    return job('large', id, [file(id, [large(`${id}.bin`, bytes, { method }), entry('readme.txt', 300)])], {
      faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: BYTES_PER_SECOND } }],
    });
  });
}

/** Two archives of a job that want one key for different contents of several parts. */
export function largeRivals(): SeededJob[] {
  const rival = (content: string): SeededEntry =>
    large('rival.bin', 9 * MB, { data: noiseOf(content, 9 * MB), expected: 'rival' });
  return [
    job(
      'large_rivals',
      'large-rivals',
      [file('one', [entry('fine.txt', 1000), rival('one')]), file('two', [rival('two')])],
      {
        state: 'partial',
      },
    ),
  ];
}

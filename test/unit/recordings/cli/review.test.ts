import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ReviewSample,
  SampleReader,
} from '../../../../src/pipelines/recordings/review/sample-reader.js';
import { verdictCsv } from '../../../../src/pipelines/recordings/review/verdicts/verdict-csv.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { cli, type CliRun } from '../../shared/cli/fake-context.js';
import { aSample, aVerdict, idOf, sampled } from '../review/factories.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-review-'));
  out = join(folder, 'review.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

const SAMPLE = aSample([sampled(1, { sample: 'top' }), sampled(2), sampled(3)]);

/** Runs `vachan review 2025-12-20` and interrupts it as soon as it serves. */
async function review(
  args: readonly string[] = [],
  sample: ReviewSample | Error = SAMPLE,
  here: readonly number[] = [1, 2, 3],
  flagged: readonly string[] = [],
): Promise<CliRun & { wanted: Parameters<SampleReader['read']>[0][] }> {
  const wanted: Parameters<SampleReader['read']>[0][] = [];
  const ids = aSample(here.map((index) => sampled(index))).recordings.map(({ id }) => id);
  const run = await cli(['review', '2025-12-20', '--no-open', '--out', out, ...args], {
    environment: { MONGO_URI: 'mongodb://127.0.0.1', SCRATCH_PATH: join(folder, 'scratch') },
    openSampleReader: () =>
      Promise.resolve({
        read: (what) => {
          wanted.push(what);
          return sample instanceof Error ? Promise.reject(sample) : Promise.resolve(sample);
        },
        ofDate: (_date, _collection, asked) =>
          Promise.resolve(
            asked.filter((id) => ids.includes(id)).map((id) => ({ id, flagged: flagged.includes(id) })),
          ),
        close: () => Promise.resolve(),
      }),
    openAudioAccess: () =>
      Promise.resolve({
        fetchAudio: () => Promise.reject(new Error('No audio was expected here')),
        link: () => Promise.reject(new Error('No link was expected here')),
        close: () => undefined,
      }),
    onInterrupt: (listener) => {
      setImmediate(listener);
      return () => undefined;
    },
  });
  return { ...run, wanted };
}

describe('vachan review', () => {
  test('prints an address on loopback, what it has, and how it ended', async () => {
    const { code, out: lines, err, wanted } = await review();
    expect(code).toBe(3);
    expect(lines).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/)]);
    expect(err).toEqual([
      '2025-12-20: 3 recordings of 3 results, 1 with the highest scores and 2 drawn from those that the model took for normal.',
      'Asked for were 50 and 50: the date has no more.',
      expect.stringContaining('served until you finish there, or Ctrl-C'),
      'No verdict was given; nothing was written.',
    ]);
    expect(wanted).toEqual([
      {
        testDate: '2025-12-20',
        sourceCollection: 'student_assessment_record',
        top: 50,
        random: 50,
        randomFrom: 'normal',
        seed: 1,
      },
    ]);
    expect(existsSync(out)).toBe(false);
  });

  test('says what the file has, keeps it, and how to go on', async () => {
    const rows = [aVerdict(1), aVerdict(2, { verdict: 'unsure' }), aVerdict(8), aVerdict(9)];
    // The first was drawn then, and has one of the highest scores by now.
    writeFileSync(out, verdictCsv(rows));
    const { code, err } = await review(['--top', '1', '--random', '2'], SAMPLE, [1, 2, 8]);
    expect(code).toBe(3);
    expect(err.slice(1)).toEqual([
      `${out} has verdicts on 2 of them; the review goes on with the other 1.`,
      expect.stringMatching(/review\.csv has 1 of them as chosen in another way, and keeps that/),
      `${out} has 1 on other recordings of this date, which stay.`,
      `${out} has 1 on no recording of this date, which stay.`,
      expect.any(String),
      `${out} has 4 verdicts: 3 normal, 0 anomalous, 1 unsure.`,
      '1 recording of the sample has none; the same command goes on with it.',
      `Next: vachan evaluate --test-date 2025-12-20 --verdicts ${out}`,
    ]);
    expect(readFileSync(out, 'utf8')).toBe(verdictCsv(rows));
  });

  test.each([
    ['drawn from all into one with the highest scores', ['--random-from', 'all'], ['top', 'random'], [], 'has results drawn from those that the model took for normal, and this sample is drawn from all'],
    ['drawn from normal ones into one drawn from all', [], ['random', 'random'], [2], 'has results drawn from all, and this sample is drawn from those that the model took for normal'],
    ['drawn from all into one drawn from all', ['--random-from', 'all'], ['random', 'random'], [2], undefined],
    ['drawn from normal ones into one such', [], ['top', 'random'], [1], undefined],
    ['not drawn at all', ['--random', '0'], ['random', 'random'], [2], undefined],
  ] as const)('tells of two pools in one file where the sample is %s', async (_, args, samples, flagged, note) => {
    writeFileSync(out, verdictCsv(samples.map((sample, index) => aVerdict(index + 1, { sample }))));
    const { err } = await review(args, SAMPLE, [1, 2], flagged.map(idOf));
    const said = err.filter((line) => line.includes('no threshold holds for both together'));
    expect(said).toEqual(note === undefined ? [] : [expect.stringContaining(`${out} ${note}`)]);
  }); // prettier-ignore

  test('ends well where all are judged already', async () => {
    writeFileSync(out, verdictCsv([aVerdict(1), aVerdict(2), aVerdict(3)]));
    const { code, err } = await review();
    expect(code).toBe(0);
    expect(err).toContain(`${out} has verdicts on 3 of them; all are judged, and may be judged anew.`);
  });

  test('says when a file broke off and models differ', async () => {
    writeFileSync(out, verdictCsv([aVerdict(1), aVerdict(2)]).slice(0, -50));
    const models = [
      { name: 'reading-audio', version: '0.2.0', recordings: 30 },
      { name: 'reading-audio', version: '0.1.0', recordings: 2 },
    ];
    const { err, wanted } = await review(['--random-from', 'all', '--random', '3'], {
      ...aSample([sampled(1), sampled(2), sampled(3)]),
      results: 32,
      models,
    });
    expect(wanted).toMatchObject([{ top: 0, random: 3, randomFrom: 'all' }]);
    expect(err[0]).toBe(
      '2025-12-20: 3 recordings of 32 results, 0 with the highest scores and 3 drawn from all.',
    );
    expect(err[1]).toMatch(
      /scored by reading-audio 0\.2\.0 \(30\), reading-audio 0\.1\.0 \(2\): scores of different models do not compare/,
    );
    expect(err[2]).toBe(`${out} broke off in its last line, which is left out; its other verdicts are kept.`);
  });

  test.each([
    ['a date without results', aSample([]), '2025-12-20 has no results of student_assessment_record in'],
    [
      'nothing that was asked for',
      aSample([], { results: 4 }),
      '2025-12-20 has 4 results, and none that was asked for',
    ],
    [
      'MongoDB away',
      new DependencyUnavailable('MongoDB could not read: ECONNREFUSED'),
      'MongoDB could not read',
    ],
  ])('fails in one sentence: %s', async (_, sample, sentence) => {
    const { code, err, out: lines } = await review([], sample);
    expect(code).toBe(1);
    expect(err).toEqual([expect.stringContaining(`vachan: ${sentence}`)]);
    expect(lines).toEqual([]);
  });

  test('refuses a file whose verdicts are all on another date', async () => {
    writeFileSync(out, verdictCsv([aVerdict(8), aVerdict(9)]));
    const { code, err } = await review();
    expect(code).toBe(1);
    expect(err).toEqual([
      `vachan: ${out} holds 2 verdicts, none on a recording of 2025-12-20; name another file with --out.`,
    ]);
  });

  test.each([
    [['--top', '0', '--random', '0'], '--top and --random are both 0'],
    [['--top', '5', '--random-from', 'all'], '--random-from all and --top 5 exclude each other'],
    [['--top', 'many'], 'Expected a whole number from 0 to 1000'],
    [['--port', '70000'], 'Expected a whole number from 0 to 65535'],
    [['--random-from', 'some'], 'Allowed choices are normal, all'],
  ])('is misused by %j', async (args, sentence) => {
    const { code, err } = await review(args);
    expect(code).toBe(2);
    expect(err.join('\n')).toContain(sentence);
  });

  test('wants a date', async () => {
    const { code, err } = await cli(['review', '2025-02-30'], { environment: { MONGO_URI: 'mongodb://x' } });
    expect(code).toBe(2);
    expect(err.join('\n')).toContain('The test date is "2025-02-30"');
  });
});

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHeldOut } from '../../../../src/pipelines/recordings/evaluation/set-threshold.js';
import { calibrationSchema } from '../../../../src/pipelines/recordings/model/calibration/calibration-block.js';
import type { ModelManifest } from '../../../../src/pipelines/recordings/model/manifest.js';
import type { ScoreReader, StoredScore } from '../../../../src/pipelines/recordings/results/score-reader.js';
import { cli } from '../../shared/cli/fake-context.js';
import { makeModelFolder, removeModelFolders } from '../model/model-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-calibrate-verdicts-'));
afterAll(() => {
  removeModelFolders();
  rmSync(folder, { recursive: true });
});

const TEST_DATE = '2025-12-20';
const id = (index: number): string => index.toString(16).padStart(64, '0');
let made = 0;

interface Judged {
  index: number;
  verdict?: string;
  sample?: string;
}
const row = ({ index, verdict = 'normal', sample = 'random' }: Judged): string =>
  `${id(index)},${verdict},${sample}`;
function review(rows: readonly (Judged | string)[]): string {
  const path = join(folder, `review-${made++}.csv`);
  const lines = rows.map((given) => (typeof given === 'string' ? given : row(given)));
  writeFileSync(path, ['result_document_id,verdict,sample', ...lines, ''].join('\n'));
  return path;
}
/** So many results in a row, all normal and drawn at random. */
const drawn = (results: number): Judged[] => Array.from({ length: results }, (_, index) => ({ index }));

/** A date of a thousand results whose score is their number; those of 950 and more are flagged, by either of two calibrations. */
const RESULTS = 1000;
function stored(index: number, modelVersion: string): StoredScore & { reasons: [] } {
  const flagged = index >= 950;
  return { id: id(index), score: index, flagged, threshold: 949, modelName: 'test-model', modelVersion, reasons: [] }; // prettier-ignore
}

function reader(version: (index: number) => string = () => '1.0.0') {
  const results = Array.from({ length: RESULTS }, (_, index) => stored(index, version(index)));
  const answers: ScoreReader = {
    ofIds: (_of, ids) => Promise.resolve(results.filter((result) => ids.includes(result.id))),
    models: () =>
      Promise.resolve(
        [...new Set(results.map((result) => result.modelVersion))].map((of) => {
          const some = results.filter(({ modelVersion }) => modelVersion === of);
          const flagged = some.filter((result) => result.flagged).length;
          return { name: 'test-model', version: of, threshold: 949, flagged, passed: some.length - flagged };
        }),
      ),
    scores: () => {
      throw new Error('not asked for');
    },
    close: () => Promise.resolve(),
  };
  return { openScoreReader: () => Promise.resolve(answers) };
}

async function calibrate(verdicts: string, { more = [], results = reader() }: { more?: string[]; results?: ReturnType<typeof reader> } = {}) {
  const out = join(folder, `out-${made++}`);
  const args = ['calibrate', '--test-date', TEST_DATE, '--verdicts', verdicts, '--model', makeModelFolder(), '--out', out];
  const run = await cli([...args, ...more], { ...results, environment: { MONGO_URI: 'mongodb://nowhere' } });
  const manifest = existsSync(out)
    ? (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as ModelManifest)
    : undefined;
  return { ...run, manifest };
} // prettier-ignore

/** Every third result of the date, as a random sample of all would be; the flagged ones of them are anomalous but two. */
const sampled: Judged[] = Array.from({ length: 334 }, (_, at) => at * 3).map((index) => ({
  index,
  verdict: index >= 956 ? 'anomalous' : 'normal',
}));

describe('vachan calibrate with verdicts', () => {
  test('sets the threshold on two thirds of the normal results drawn at random, and judges it on the others', async () => {
    const path = review(sampled);
    const { code, manifest, json } = await calibrate(path, { more: ['--false-alarms', '5%', '--json'] });
    expect(code).toBe(0);
    const normal = sampled.filter(({ verdict }) => verdict === 'normal').map(({ index }) => index);
    const setting = normal.filter((index) => !isHeldOut(id(index)));
    const { threshold } = manifest!;
    // The rank of split conformal prediction.
    expect(threshold).toBe(setting[Math.ceil((setting.length + 1) * 0.95) - 1]);
    expect(manifest!.calibration).toMatchObject({
      on: {
        verdicts: path.slice(folder.length + 1),
        verdicts_sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
        test_date: TEST_DATE,
        source_collection: 'student_assessment_record',
        rows: 334,
        left_out: 0,
      },
      share: 0.05,
      set_on: { recordings: setting.length },
      held_out: {
        now: {
          flagged: {
            found: normal.filter((index) => isHeldOut(id(index)) && index > threshold).length,
            of: normal.length - setting.length,
          },
          recall: { found: 15, of: 15 },
        },
      },
    });
    // What reads the manifest keeps all of it.
    expect(calibrationSchema.parse(manifest!.calibration)).toEqual(manifest!.calibration);
    expect(json()).toMatchObject([{ threshold, left_out: { not_drawn: 0, unsure: 0 }, notes: [] }]);
  });

  test('takes nothing from results that were chosen for their high scores, and says what is left out', async () => {
    const alone = await calibrate(review(sampled));
    const mixed = await calibrate(
      review([
        ...sampled,
        ...[997, 998].map((index) => ({ index, sample: 'top' })),
        { index: 970, verdict: 'unsure', sample: 'top' },
        { index: 4000 },
      ]),
    );
    expect(mixed.manifest!.threshold).toBe(alone.manifest!.threshold);
    expect(mixed.manifest!.calibration).toMatchObject({
      on: { rows: 338, left_out: 4 },
      held_out: alone.manifest!.calibration!.held_out,
    });
    // One verdict is about no result.
    expect([alone.code, mixed.code]).toEqual([0, 1]);
    expect(alone.err).toEqual([]);
    expect(mixed.err.join('\n')).toBe(
      '\nLeft out: 2 not drawn at random, 1 unsure, 1 without a result on this date.',
    );
    expect(mixed.out.join('\n')).toMatch(/^flagged of held-out normal ones +\d+ of \d+/m);
    expect(mixed.out.join('\n')).toMatch(
      /Set for 2 % on \d+ normal results of 2025-12-20 in review-\d+\.csv/,
    );
  });

  test('takes the verdicts on all calibrations of the model, and leaves those on other models out', async () => {
    const versions = ['1.0.0', '1.0.0+cal.20250101T000000Z', '0.9.0'];
    const results = reader((index) => versions[index % 2 === 0 ? 0 : index % 5 === 0 ? 2 : 1]!);
    const { code, manifest, json } = await calibrate(review(sampled), { more: ['--json'], results });
    expect(code).toBe(0);
    expect(manifest!.calibration!.on).toMatchObject({ rows: 334, left_out: 33 });
    expect(json()).toMatchObject([{ left_out: { other_model: 33 } }]);
  });

  test('is refused when every verdict is about results of another model', async () => {
    const { code, err, manifest } = await calibrate(review(sampled), { results: reader(() => '0.9.0') });
    expect({ code, err, manifest }).toEqual({
      code: 2,
      err: [
        'vachan: None of 334 verdicts is about a result of 2025-12-20 in student_assessment_record that test-model 1.0.0 has scored; 334 are about results of test-model 0.9.0.',
      ],
      manifest: undefined,
    });
  });

  test.each<[string, (Judged | string)[], number, RegExp]>([
    ['no verdict is about a result of the date', [{ index: 5000 }], 2, /^vachan: None of 1 verdict is about a result of 2025-12-20 in student_assessment_record\.$/],
    ['every verdict is unsure', [{ index: 1, verdict: 'unsure' }], 2, /^vachan: No verdict is normal or anomalous; the 1 row of the file/],
    ['too few normal results were drawn', [...drawn(30), { index: 951 }], 1, /takes 49 normal recordings in the two thirds that set it, some 74 in all; there are \d+ of 31\. Of verdicts, those on results drawn at random count\. Nothing was written\.$/],
    ['none was drawn at random', sampled.map((judged) => ({ ...judged, sample: 'top' })), 1, /^vachan: Of 334 judged results none stands for the date's 1,000: .*--random-from all` draws from all\. Nothing was written\.$/],
    ['all were drawn below the threshold', drawn(300), 1, /none of those was flagged, and the highest scores of normal recordings are missing/],
    ['a word is no verdict', [`${id(1)},fine,random`], 2, /line 2: column verdict is "fine"; expected normal, anomalous or unsure\.$/],
    ['a result is there twice', [{ index: 1 }, { index: 1, verdict: 'anomalous' }], 2, /line 3: column result_document_id is 0+1, which line 2 has; expected each once\.$/],
    ['an id is none', ['12,normal,random'], 2, /column result_document_id is "12"; expected 64 hexadecimal digits/],
  ])('writes nothing where %s', async (_why, rows, expected, message) => {
    const { code, err, manifest } = await calibrate(review(rows));
    expect({ code, said: err.at(-1), manifest }).toEqual({
      code: expected,
      said: expect.stringMatching(message) as string,
      manifest: undefined,
    });
  }); // prettier-ignore

  test('reads a file that a spreadsheet has saved', async () => {
    const plain = await calibrate(review(sampled));
    const path = join(folder, 'saved.csv');
    const rows = sampled.map(({ index, verdict }) => `"${verdict}","${id(index)}","random"`);
    writeFileSync(path, `\uFEFF"Verdict","Result_Document_Id","Sample"\r\n${rows.join('\r\n')}\r\n`);
    const { code, manifest } = await calibrate(path);
    expect(code).toBe(0);
    expect(manifest!.threshold).toBe(plain.manifest!.threshold);
  });

  test('says so where the file does not say how results were chosen', async () => {
    const { code, err } = await calibrate(review(sampled.map((judged) => ({ ...judged, sample: '' }))));
    expect(code).toBe(0);
    expect(err.join('\n')).toContain('holds only if they were drawn at random from all of the date');
  });

  test('says so where those drawn cannot all have been drawn from the whole date', async () => {
    const both = [...drawn(400), ...[950, 951].map((index) => ({ index }))];
    const { err } = await calibrate(review(both));
    expect(err.join('\n')).toMatch(/that were drawn at random 2 were flagged, of the date's 1,000 50: more than chance explains/);
  }); // prettier-ignore
});

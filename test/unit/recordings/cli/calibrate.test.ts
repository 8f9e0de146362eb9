import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isHeldOut } from '../../../../src/pipelines/recordings/evaluation/set-threshold.js';
import type { ModelManifest } from '../../../../src/pipelines/recordings/model/manifest.js';
import type { ScoreReader, StoredScore } from '../../../../src/pipelines/recordings/results/score-reader.js';
import { anInference, cli, fakeEngine } from '../../shared/cli/fake-context.js';
import { makeModelFolder, removeModelFolders } from '../model/model-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-calibrate-'));
afterAll(() => {
  removeModelFolders();
  rmSync(folder, { recursive: true });
});

let made = 0;
const newFolder = (): string => join(folder, `out-${made++}`);
const manifestOf = (path: string): ModelManifest =>
  JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as ModelManifest;

/** An engine of this model that reads the score out of the file's name. */
function engineOf(name: string, version: string) {
  const engine = { ...fakeEngine(), model: { name, version } };
  return {
    openAudioEngine: () =>
      Promise.resolve({
        ...engine,
        extract: async (path: string) => ({
          ...(await engine.extract(path)),
          features: Float64Array.of(Number(/-([\d.]+)\.wav/.exec(basename(path))![1])),
        }),
        score: (rows: readonly Float64Array[]) =>
          Promise.resolve(rows.map(([score]) => ({ inference: anInference({ anomaly_score: score! }) }))),
      }),
  };
}

function labels(normals: number, more: readonly string[] = []): string {
  const rows = Array.from({ length: normals }, (_, index) => `good-${index / 100}.wav,good`);
  for (const row of [...rows, ...more]) writeFileSync(join(folder, row.split(',')[0]!), 'bytes');
  const path = join(folder, 'labels.csv');
  writeFileSync(path, `file,label\n${[...rows, ...more].join('\n')}\n`);
  return path;
}

describe('vachan calibrate with labels', () => {
  test('writes a version whose manifest says how, on what and when its threshold was set', async () => {
    const [model, out] = [makeModelFolder(), newFolder()];
    const path = labels(300, ['bad-2.5.wav,bad', 'bad-5.wav,bad', 'broken-1.wav,good']);
    const args = [
      'calibrate',
      '--from',
      path,
      '--model',
      model,
      '--out',
      out,
      '--false-alarms',
      '5%',
      '--json',
    ];
    const run = await cli(args, engineOf('test-model', '1.0.0'));
    // One recording could not be read.
    expect(run.code).toBe(1);
    const written = manifestOf(out);
    expect(written).toMatchObject({
      version: '1.0.0+cal.20251220T134500Z',
      calibration: {
        calibrated_at: '2025-12-20T13:45:00.000Z',
        from_version: '1.0.0',
        previous_threshold: 4,
        on: {
          labels: 'labels.csv',
          labels_sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
          rows: 303,
          unread: 1,
        },
        share: 0.05,
        held_out: {
          before: { flagged: { found: 0 }, recall: { found: 1, of: 2 } },
          now: { recall: { found: 1, of: 2 } },
        },
      },
    });
    const { set_on, held_out } = written.calibration!;
    expect(set_on.recordings + held_out.now.flagged!.of).toBe(300);
    expect(run.json()).toMatchObject([
      { version: written.version, threshold: written.threshold, folder: out, unread: [{ recording: 'broken-1.wav' }] },
    ]); // prettier-ignore
  });

  test('keeps a group on one side', async () => {
    const out = newFolder();
    const rows = Array.from({ length: 300 }, (_, index) => `good-${index / 100}.wav,good,child ${index % 2}`);
    const path = labels(300);
    writeFileSync(path, `file,label,group\n${rows.join('\n')}\n`);
    const args = ['calibrate', '--from', path, '--model', makeModelFolder(), '--out', out];
    const { code } = await cli(args, engineOf('test-model', '1.0.0'));
    expect(code).toBe(0);
    // By their hashes one child is held out, and the other sets the threshold.
    expect(['child 0', 'child 1'].filter(isHeldOut)).toHaveLength(1);
    const { set_on, held_out } = manifestOf(out).calibration!;
    expect([set_on.recordings, held_out.now.flagged!.of]).toEqual([150, 150]);
  });

  test('shows both thresholds side by side', async () => {
    const args = ['calibrate', '--from', labels(300), '--model', makeModelFolder(), '--out', newFolder()];
    const { code, out } = await cli(args, engineOf('test-model', '1.0.0'));
    expect(code).toBe(0);
    const text = out.join('\n');
    expect(text).toMatch(/^ +before +now$/m);
    expect(text).toMatch(/^version +1\.0\.0 +1\.0\.0\+cal\.20251220T134500Z$/m);
    expect(text).toMatch(/^flagged of held-out normal ones +0 of \d+, 0\.0 % \(95 %.*\) +\d+ of \d+/m);
    expect(text).toMatch(/Set for 2 % on \d+ normal recordings of labels\.csv/);
  });

  test('writes nothing for too few normal recordings, and says how many it takes', async () => {
    const out = newFolder();
    const args = ['calibrate', '--from', labels(40), '--model', makeModelFolder(), '--out', out];
    const { code, err } = await cli(args, engineOf('test-model', '1.0.0'));
    expect(code).toBe(1);
    expect(err.at(-1)).toMatch(/^vachan: A threshold for 2 % takes 49 normal recordings in the two thirds that set it, some 74 in all; there are \d+ of 40\. Nothing was written\.$/); // prettier-ignore
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('refuses a folder that holds something before it does anything', async () => {
    const out = newFolder();
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), '');
    const { code, err } = await cli(['calibrate', '--from', 'labels.csv', '--out', out]);
    expect(code).toBe(2);
    expect(err).toEqual([`vachan: --out: ${out} is not empty; expected a new or empty folder.`]);
  });

  test('is refused when another model has scored meanwhile', async () => {
    const args = ['calibrate', '--from', labels(300), '--model', makeModelFolder(), '--out', newFolder()];
    const { code, err } = await cli(args, engineOf('test-model', '2.0.0'));
    expect(code).toBe(1);
    expect(err.at(-1)).toMatch(/was changed meanwhile: try again\.$/);
  });

  test.each([
    [['calibrate', '--out', 'x'], /Expected either --from with a CSV of labels or --test-date/],
    [['calibrate', '--out', 'x', '--from', 'a', '--test-date', '2025-12-20'], /Expected either --from/],
    [['calibrate', '--from', 'a'], /required option '--out <folder>' not specified/],
    [['calibrate', '--from', 'a', '--out', 'x', '--share', '90%'], /Expected a share such as 2%/],
    [['calibrate', '--out', 'x', '--from', 'a', '--verdicts', 'b'], /Expected either --from/],
    [
      ['calibrate', '--out', 'x', '--from', 'a', '--share', '2%', '--false-alarms', '2%'],
      /Expected either --false-alarms or --share/,
    ],
    [
      ['calibrate', '--out', 'x', '--test-date', '2025-12-20', '--false-alarms', '2%'],
      /for all results of a date give --share/,
    ],
    [['calibrate', '--out', 'x', '--from', 'a', '--share', '2%'], /with --from give --false-alarms/],
    [['calibrate', '--out', '', '--from', 'a'], /--out is empty; expected a new or empty folder/],
    [['calibrate', '--out', 'x', '--verdicts', 'a', '--share', '2%'], /with --verdicts give --false-alarms/],
    [['calibrate', '--test-date', 'yesterday', '--out', 'x'], /The test date is "yesterday"/],
  ])('%j ends with 2', async (args, message) => {
    const { code, err } = await cli(args);
    expect({ code, said: err.join('\n') }).toEqual({
      code: 2,
      said: expect.stringMatching(message) as string,
    });
  });
});

describe('vachan calibrate with a date', () => {
  function reader(results: readonly Partial<StoredScore>[]) {
    const answers: Pick<ScoreReader, 'scores' | 'close'> = {
      // eslint-disable-next-line @typescript-eslint/require-await -- a cursor is asked one by one
      scores: async function* () {
        for (const result of results) {
          yield { threshold: 4, flagged: false, modelName: 'test-model', ...result } as StoredScore;
        }
      },
      close: () => Promise.resolve(),
    };
    return { openScoreReader: () => Promise.resolve(answers as ScoreReader) };
  }
  const environment = { MONGO_URI: 'mongodb://nowhere' };
  const args = (out: string): string[] => [
    ...['calibrate', '--test-date', '2025-12-20', '--share', '3%', '--out', out],
    ...['--model', makeModelFolder({ manifest: { version: '1.0.0+cal.20250101T000000Z' } })],
  ];

  test('takes the scores of all calibrations of the model, and leaves others out', async () => {
    const out = newFolder();
    const versions = ['1.0.0', '1.0.0+cal.20250101T000000Z', '2.0.0'];
    const results = Array.from({ length: 600 }, (_, index) => ({
      id: String(index),
      score: index / 100,
      modelVersion: versions[index % 3]!,
    }));
    const run = await cli(args(out), { ...reader(results), environment });
    expect(run.code).toBe(0);
    expect(manifestOf(out)).toMatchObject({
      version: '1.0.0+cal.20251220T134500Z',
      calibration: {
        from_version: '1.0.0+cal.20250101T000000Z',
        on: {
          test_date: '2025-12-20',
          source_collection: 'student_assessment_record',
          results: 400,
          left_out: 200,
        },
        held_out: { now: { recall: null } },
      },
    });
    const text = run.out.join('\n');
    expect(text).toContain(
      'This supposes that nearly all recordings of the date are normal: 3 % of all are flagged',
    );
    expect(text).toContain('Left out: 200 results that another model has scored.');
  });

  test('writes nothing where no result is by the model', async () => {
    const out = newFolder();
    const { code, err } = await cli(args(out), {
      ...reader([{ id: '1', score: 1, modelVersion: '2.0.0' }]),
      environment,
    });
    expect({ code, err }).toEqual({
      code: 1,
      err: [
        'vachan: 2025-12-20 has no results of student_assessment_record that test-model 1.0.0 has scored; 1 are by other models.',
      ],
    });
    expect(existsSync(out)).toBe(false);
  });
});

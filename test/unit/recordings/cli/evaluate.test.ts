import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioEngineOptions } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { AudioForbidden } from '../../../../src/pipelines/recordings/errors.js';
import { anInference, cli, fakeEngine } from '../../shared/cli/fake-context.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** An engine that reads the score out of the file's name, as in `good-0.7.wav`, or out of the address of what was fetched. */
function scoringEngine() {
  const engine = fakeEngine();
  const opened: AudioEngineOptions[] = [];
  const scores: number[] = [];
  return {
    opened,
    closed: engine.closed,
    openAudioEngine: (options: AudioEngineOptions) => {
      opened.push(options);
      return Promise.resolve({
        ...engine,
        extract: async (path: string) => {
          const extracted = await engine.extract(path);
          const text = `${basename(path)} ${readFileSync(path, 'utf8')}`;
          scores.push(Number(/-(\d+(?:\.\d+)?)\.wav/.exec(text)![1]));
          return { ...extracted, features: Float64Array.of(scores.at(-1)!) };
        },
        score: (rows: readonly Float64Array[]) =>
          Promise.resolve(
            rows.map(([score]) => ({
              inference: anInference({ anomaly_score: score!, is_anomaly: score! > 1 }),
            })),
          ),
      });
    },
  };
}

/** Labels of files that are there; 60 good ones and 4 bad. */
function someLabels(): string {
  const rows = [
    ...Array.from({ length: 60 }, (_, index) => [`good-${((index + 1) / 50).toFixed(2)}.wav`, 'good', '']),
    ...[0.9, 1.1, 2, 3].map((score) => [`bad-${score}.wav`, 'anomalous', 'hum']),
  ];
  for (const [name] of rows) write(name!, 'bytes');
  return write('labels.csv', `file,label,kind\n${rows.map((row) => row.join(',')).join('\n')}\n`);
}

describe('vachan evaluate with labels', () => {
  test('gives all figures as one JSON line', async () => {
    const engine = scoringEngine();
    const { code, json } = await cli(['evaluate', someLabels(), '--json', '--worst', '1'], engine);
    expect(code).toBe(0);
    expect(json()).toEqual([
      expect.objectContaining({
        model: { name: 'reading-audio', version: '1', threshold: 1 },
        normal: 60,
        anomalous: 4,
        unread: [],
        recall: expect.objectContaining({ found: 3, of: 4 }) as object,
        false_alarms: expect.objectContaining({ found: 10, of: 60 }) as object,
        wished: expect.objectContaining({ share: 0.02, threshold: 1.2 }) as object,
        mistakes: {
          false_alarms: [{ recording: 'good-1.20.wav', kind: null, score: 1.2, reasons: ['quieter than usual'] }],
          misses: [{ recording: 'bad-0.9.wav', kind: 'hum', score: 0.9, reasons: ['quieter than usual'] }],
        },
      }),
    ]); // prettier-ignore
    expect(engine.closed()).toBe(true);
  });

  test('shows a person figures, curve, threshold and mistakes, and draws the curve', async () => {
    const svg = join(folder, 'roc.svg');
    const { code, out, err } = await cli(['evaluate', someLabels(), '--svg', svg, '--false-alarms', '1%'], scoringEngine()); // prettier-ignore
    expect(code).toBe(0);
    const text = out.join('\n');
    expect(text).toContain('64 recordings, 60 normal and 4 anomalous');
    expect(text).toMatch(/^Recall +3 of 4, 75\.0 % \(95 %: 30\.1 % to 95\.4 %\)$/m);
    expect(text).toMatch(/^ +5 % +50\.0 % +1\.2 {2}█{20}·{20}$/m);
    expect(text).toContain(
      'none for 1 % false alarms: it takes 99 normal recordings at least, and there are 60.',
    );
    expect(text).toMatch(/False alarms with the highest scores\n.*\n +1\.200 {2}good-1\.20\.wav +quieter than usual/); // prettier-ignore
    expect(readFileSync(svg, 'utf8')).toContain('reading-audio 1: 60 normal and 4 anomalous recordings');
    expect(err).toEqual(['Scoring 64 recordings…']);
  });

  test('shows twenty kinds and a line of each, however many remarks there are and however long', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => {
      write(`bad-${index}.wav`, 'bytes');
      return `bad-${index}.wav,bad,${String(index).padStart(2, '0')} ${'remark '.repeat(2_000)}`;
    });
    const labels = write('remarks.csv', `file,label,kind\n${rows.join('\n')}\n`);
    const { out } = await cli(['evaluate', labels], scoringEngine());
    const lines = out.join('\n').split('\n');
    expect(lines.filter((line) => line.includes(' 1 of 1 ') || line.includes(' 0 of 1 '))).toHaveLength(20);
    expect(lines).toContain('  … and 5 kinds more (--json has all)');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(300);
  });

  test('refuses to draw over what it reads, or where it could not, before it reads a recording', async () => {
    const labels = someLabels();
    const text = readFileSync(labels, 'utf8');
    const link = join(folder, 'link.svg');
    symlinkSync(labels, link);
    const hard = join(folder, 'hard.svg');
    linkSync(labels, hard);
    for (const [svg, why] of [
      [labels, 'is the file that is read; expected another one, since it would be lost.'],
      [join(folder, '.', 'labels.csv'), 'is the file that is read'],
      [link, 'is the file that is read'],
      [hard, 'is the file that is read'],
      [folder, 'cannot be written: it is a folder.'],
      [join(folder, 'none', 'roc.svg'), `cannot be written: there is no folder ${join(folder, 'none')}.`],
      [join(labels, 'roc.svg'), 'cannot be written: a part of its path is a file.'],
      ['/dev/null', 'cannot be written: it is no regular file.'],
    ]) {
      const engine = scoringEngine();
      const { code, out, err } = await cli(['evaluate', labels, '--svg', svg!], engine);
      expect({ svg, code, out, opened: engine.opened }).toEqual({ svg, code: 2, out: [], opened: [] });
      expect(err).toEqual([expect.stringContaining(`vachan: --svg: ${svg} ${why}`)]);
    }
    const { err } = await cli([
      'evaluate',
      '--verdicts',
      labels,
      '--svg',
      labels,
      '--test-date',
      '2025-12-20',
    ]);
    expect(err).toEqual([expect.stringContaining('is the file that is read')]);
    expect(readFileSync(labels, 'utf8')).toBe(text);
  });

  test('names and counts what cannot be read, leaves it out, and ends with 1', async () => {
    write('good-1.wav', 'bytes');
    write('broken-2.wav', 'bytes');
    const labels = write('some.csv', 'file,label\ngood-1.wav,ok\nbroken-2.wav,bad\nabsent-3.wav,bad\n');
    const shown = await cli(['evaluate', labels], scoringEngine());
    expect(shown.code).toBe(1);
    expect(shown.out.join('\n')).toContain('1 recording, 1 normal and 0 anomalous');
    expect(shown.err.slice(1)).toEqual([
      '\nLeft out, since 2 recordings could not be read:',
      '  line 3, broken-2.wav: AudioUndecodable: not a known audio container',
      '  line 4, absent-3.wav: InvalidInput: no such file',
    ]);
    const { code, json } = await cli(['evaluate', labels, '--json'], scoringEngine());
    expect(code).toBe(1);
    expect(json()).toMatchObject([{ unread: [{ line: 3 }, { line: 4, recording: 'absent-3.wav' }] }]);
  });

  test('fetches what has an address, and keeps signatures to itself', async () => {
    const fetched: string[] = [];
    const openAudioAccess = () =>
      Promise.resolve({
        fetchAudio: (address: string, path: string) => {
          fetched.push(address);
          if (address.includes('secret')) return Promise.reject(new AudioForbidden('Audio object is denied'));
          writeFileSync(path, address);
          return Promise.resolve();
        },
        link: () => Promise.reject(new Error('no link was asked for')),
        close: () => undefined,
      });
    const signed = 'https://b.s3.amazonaws.com/secret.wav?X-Amz-Signature=abc';
    const labels = write('far.csv', `file,label\ns3://b/x-2.wav,bad\n${signed},good\n`);
    const parts = { ...scoringEngine(), openAudioAccess, environment: { SCRATCH_PATH: join(folder, 's') } };
    const run = await cli(['evaluate', labels, '--json'], parts);
    expect(fetched.sort()).toEqual([signed, 's3://b/x-2.wav']);
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject([
      {
        recall: { found: 1, of: 1 },
        unread: [{ recording: 'https://b.s3.amazonaws.com/secret.wav' }],
      },
    ]);
    expect([...run.out, ...run.err].join('\n')).not.toContain('abc');
  });

  test('scores with the model in another folder', async () => {
    const engine = scoringEngine();
    await cli(['evaluate', someLabels(), '--model', folder], engine);
    expect(engine.opened[0]).toMatchObject({ modelFolder: folder });
  });

  test.each([
    [['evaluate'], /Expected either a CSV of labels or --verdicts/],
    [['evaluate', 'x.csv', '--verdicts', 'y.csv'], /Expected either a CSV of labels or --verdicts/],
    [['evaluate', 'x.csv', '--test-date', '2025-12-20'], /--test-date belongs to --verdicts/],
    [['evaluate', '--verdicts', 'y.csv', '--model', 'm'], /--model does not go with --verdicts/],
    [['evaluate', 'x.csv', '--svg', ''], /--svg is empty; expected the path of a file/],
    [['evaluate', 'none-such.csv'], /There is no file none-such\.csv/],
    [['evaluate', 'x.csv', '--false-alarms', '2'], /Expected a share such as 2% or 0\.02/],
    [['evaluate', 'x.csv', '--false-alarms', '0%'], /Expected a share such as 2% or 0\.02/],
  ])('%j ends with 2, and nothing is done', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
  });
});

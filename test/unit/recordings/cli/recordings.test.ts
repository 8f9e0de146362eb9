import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioEngineOptions } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import { ModelInvalid } from '../../../../src/platform/model-folder.js';
import { anInference, cli, fakeEngine } from '../../shared/cli/fake-context.js';

const folder = mkdtempSync(join(tmpdir(), 'vachan-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function recording(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, 'bytes');
  return path;
}

const good = recording('good.mp3');
const broken = recording('broken.mp3');
const missing = join(folder, 'missing.mp3');

function withEngine() {
  const engine = fakeEngine();
  const opened: AudioEngineOptions[] = [];
  return {
    engine,
    opened,
    openAudioEngine: (options: AudioEngineOptions) => {
      opened.push(options);
      return Promise.resolve(engine);
    },
  };
}

describe('vachan score', () => {
  test('writes a JSON line a file in the order given, with an error where a file cannot be used', async () => {
    const parts = withEngine();
    const { code, json } = await cli(['score', '--json', broken, good, missing, folder], parts);
    const { is_anomaly, anomaly_score, prediction_label, threshold, reasons } = anInference();
    expect(code).toBe(1);
    expect(json()).toEqual([
      { file: broken, error: 'AudioUndecodable: not a known audio container' },
      { file: good, is_anomaly, anomaly_score, prediction_label, threshold, reasons },
      { file: missing, error: 'InvalidInput: no such file' },
      { file: folder, error: 'InvalidInput: is a folder' },
    ]);
    expect(parts.engine.closed()).toBe(true);
  });

  test('shows a table with the reasons in words', async () => {
    const { code, out } = await cli(['score', good], withEngine());
    expect(code).toBe(0);
    expect(out[1]).toMatch(/good\.mp3 {2}anomaly +1\.500 +1\.000 {2}quieter than usual \(60 %\)$/);
  });

  test('starts no more processes than there are files', async () => {
    const parts = withEngine();
    await cli(['score', good], { ...parts, environment: { AUDIO_POOL_SIZE: '8' } });
    await cli(['score', good, good, good], { ...parts, environment: { AUDIO_POOL_SIZE: '2' } });
    expect(parts.opened.map(({ poolSize }) => poolSize)).toEqual([1, 2]);
  });

  test('refuses a file that is larger than a worker would take', async () => {
    const { json } = await cli(['score', '--json', good], {
      ...withEngine(),
      environment: { AUDIO_MAX_BYTES: '4' },
    });
    expect(json()).toEqual([
      { file: good, error: 'AudioTooLarge: has 5 bytes, expected at most 4 (AUDIO_MAX_BYTES)' },
    ]);
  });

  test('says in one line that the model cannot be used', async () => {
    const { code, err } = await cli(['score', good], {
      openAudioEngine: () => Promise.reject(new ModelInvalid('model manifest m cannot be read')),
    });
    expect({ code, err }).toEqual({ code: 1, err: ['vachan: model manifest m cannot be read'] });
  });

  test('needs at least one file', async () => {
    const { code, err } = await cli(['score']);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(/missing required argument 'files'/);
  });
});

describe('vachan features', () => {
  test('gives every feature by name, without loading a model', async () => {
    const parts = withEngine();
    const { code, json } = await cli(['features', '--json', good, broken], parts);
    expect(code).toBe(1);
    expect(json()).toEqual([
      { file: good, features: Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0.25])) },
      { file: broken, error: 'AudioUndecodable: not a known audio container' },
    ]);
    expect(parts.opened[0]).not.toHaveProperty('modelFolder');
  });

  test('shows names and values to a person, no line wider than the terminal', async () => {
    const { code, out } = await cli(['features', good], withEngine());
    expect(code).toBe(0);
    const lines = out.join('\n').split('\n');
    for (const name of FEATURE_NAMES) expect(out[0]).toMatch(new RegExp(`${name} +0\\.25`));
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

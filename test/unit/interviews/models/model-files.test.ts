import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFaceDetector } from '../../../../src/pipelines/interviews/models/faces/face-detector.js';
import { readModelFiles } from '../../../../src/pipelines/interviews/models/model-files.js';
import { modelFolder } from '../../../../tools/models/verify-models.js';

describe('a model folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-models-'));
    cpSync(modelFolder('blazeface-full-range'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const changeManifest = (change: (manifest: Record<string, unknown>) => void): void => {
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  };

  it('is refused when one byte of its weights is another', () => {
    const path = join(folder, 'network.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(() => readModelFiles(folder, ['network'])).toThrow(
      /network\.onnx has SHA-256 \w{64}, expected \w{64}/,
    );
  });

  it('is refused when its weights are longer than the manifest says', () => {
    writeFileSync(join(folder, 'network.onnx'), Buffer.alloc(1), { flag: 'a' });
    expect(() => readModelFiles(folder, ['network'])).toThrow(
      /network\.onnx cannot be read: it is larger than/,
    );
  });

  it('is refused when its manifest points outside of it', () => {
    changeManifest((manifest) => {
      manifest['artefacts'] = { network: { file: '../x', bytes: 1, sha256: '0'.repeat(64) } };
    });
    expect(() => readModelFiles(folder, ['network'])).toThrow(
      /manifest\.json is not valid: artefacts\.network\.file: must be the name of a file/,
    );
  });

  it('is refused when it lacks what this model is made of', () => {
    expect(() => readModelFiles(folder, ['encoder'])).toThrow(/manifest\.json has no artefact encoder/);
    rmSync(join(folder, 'manifest.json'));
    expect(() => readModelFiles(folder, ['network'])).toThrow(/manifest .*manifest\.json cannot be read/);
  });

  it('is refused when its network is another kind of network', async () => {
    const iris = readFileSync(modelFolder('reading-audio/scaler.onnx'));
    writeFileSync(join(folder, 'network.onnx'), iris);
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update(iris).digest('hex');
    changeManifest((manifest) => {
      manifest['artefacts'] = { network: { file: 'network.onnx', bytes: iris.length, sha256 } };
    });
    await expect(openFaceDetector(folder)).rejects.toThrow(
      /^model blazeface-full-range \S+ has no input image, only /,
    );
  });
});

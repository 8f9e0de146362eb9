import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelsCheck } from '../../../../src/pipelines/interviews/checks/models-check.js';
import { projectRoot } from '../../../../tools/stack/folders.js';

const MODELS = ['blazeface-full-range', 'face-mesh', 'iris-landmarks', 'silero-vad'];

describe('the check of models', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-models-'));
    for (const model of MODELS)
      cpSync(join(projectRoot(), 'models', model), join(folder, model), { recursive: true });
    const manifest = join('moonshine-tiny-en', 'manifest.json');
    cpSync(join(projectRoot(), 'models', manifest), join(folder, manifest));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (environment: Record<string, string> = {}) =>
    modelsCheck({ INTERVIEW_MODELS_PATH: folder, ...environment }).run();

  it('says which are here, and warns where nobody writes down what is said', async () => {
    const [models, transcript] = await run();
    expect(models).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('silero-vad 6.2.3') as string,
    });
    expect(transcript).toMatchObject({
      status: 'warning',
      todo: expect.stringContaining('npm run models') as string,
    });
    expect((await run({ INTERVIEW_TRANSCRIBER: 'off' }))[1]).toMatchObject({ status: 'ok' });
  });

  it('names a service, and asks it nothing', async () => {
    const service = {
      INTERVIEW_TRANSCRIBER: 'http',
      INTERVIEW_TRANSCRIBER_URL: 'https://asr.example.org/v1',
    };
    expect((await run(service))[1]!.detail).toBe('whisper-1 at asr.example.org writes down what is said');
    const plain = { ...service, INTERVIEW_TRANSCRIBER_URL: 'http://asr.example.org/v1' };
    await expect(async () => run(plain)).rejects.toThrow('INTERVIEW_ANALYSIS_PRIVATE_HOSTS names exceptions');
  });

  it('finds a model whose bytes are not those of its manifest', async () => {
    appendFileSync(join(folder, 'silero-vad', 'network.onnx'), ' ');
    await expect(run()).rejects.toThrow(/silero-vad/);
  });
});

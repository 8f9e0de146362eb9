import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';

const files = join(__dirname, '..', '..', '..', 'fixtures', 'audio', 'files');
const speech = join(files, 'speech.wav');

let engine: PooledAudioEngine | undefined;

async function start(
  options: Partial<Parameters<typeof createAudioEngine>[0]> = {},
): Promise<PooledAudioEngine> {
  engine = await createAudioEngine({ poolSize: 1, ...options });
  return engine;
}

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

/** A member that stalls: as a decoder that hangs in native code. */
function freezeOnlyMember(running: PooledAudioEngine): number {
  const [pid] = running.memberPids();
  process.kill(pid!, 'SIGSTOP');
  return pid!;
}

test('a member killed in mid-task costs that recording only', async () => {
  const lost: string[] = [];
  const running = await start({ onMemberLost: (reason) => lost.push(reason) });
  const pid = freezeOnlyMember(running);
  const victim = running.extract(speech);
  const next = running.extract(speech);
  process.kill(pid, 'SIGKILL');

  await expect(victim).rejects.toMatchObject({ name: 'AudioDecoderCrashed', retryable: false });
  await expect(next).resolves.toMatchObject({ audio: { codec: 'pcm_s16le' } });
  expect(lost).toEqual(['killed by SIGKILL']);
  expect(running.memberPids()).not.toContain(pid);
});

test('a decode that hangs is killed by its timeout and the next one works', async () => {
  const running = await start({ timeouts: { extractMs: 1_000 } });
  freezeOnlyMember(running);

  await expect(running.extract(speech)).rejects.toThrow('no answer within 1 s');
  await expect(running.extract(speech)).resolves.toMatchObject({ audio: { bytes: 48_554 } });
});

test('an idle member that dies is replaced', async () => {
  const running = await start();
  process.kill(running.memberPids()[0]!, 'SIGKILL');
  // Whichever comes first, the death or the task, the one after finds a live member.
  await running.extract(speech).catch(() => undefined);
  await expect(running.extract(speech)).resolves.toBeDefined();
});

test('an aborted task rejects at once with the reason, waiting or running', async () => {
  const running = await start();
  freezeOnlyMember(running);
  const abort = new AbortController();
  const both = [
    running.extract(speech, { signal: abort.signal }),
    running.extract(speech, { signal: abort.signal }),
  ];
  abort.abort(new Error('The batch was cancelled'));
  for (const task of both) await expect(task).rejects.toThrow('The batch was cancelled');
});

test('a file is removed once its features are there, where that is wanted, and stays where it failed', async () => {
  const running = await start();
  const folder = mkdtempSync(join(tmpdir(), 'vachan-removes-'));
  try {
    const [kept, removed, broken] = ['kept', 'removed', 'broken'].map((name) => join(folder, name));
    for (const path of [kept!, removed!]) copyFileSync(speech, path);
    writeFileSync(broken!, 'no audio');
    const before = await running.extract(kept!);
    await expect(running.extract(removed!, { removes: true })).resolves.toMatchObject({
      audio: before.audio,
    });
    await expect(running.extract(broken!, { removes: true })).rejects.toMatchObject({
      name: 'AudioUndecodable',
    });
    expect([kept, removed, broken].map((path) => existsSync(path!))).toEqual([true, false, true]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('two members work on many recordings and answers do not cross', async () => {
  const running = await start({ poolSize: 2 });
  const names = ['speech.mp3', 'speech.wav', 'speech.opus', 'speech.amr'];
  const wanted = Array.from({ length: 24 }, (_, i) => names[i % names.length]!);
  const answers = await Promise.all(wanted.map((name) => running.extract(join(files, name))));
  expect(answers.map(({ audio }) => audio.codec)).toEqual(
    wanted
      .map(() => ['mp3', 'pcm_s16le', 'opus', 'amr_nb'])
      .flat()
      .slice(0, 24),
  );
});

test('closing leaves no process behind and refuses what comes after', async () => {
  const running = await start({ poolSize: 2 });
  const pids = running.memberPids();
  await running.close();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(running.extract(speech)).rejects.toThrow('closed');
});

test('limits given to the engine reach the decoder', async () => {
  const running = await start({ limits: { maxSeconds: 1 } });
  await expect(running.extract(speech)).rejects.toMatchObject({ name: 'AudioTooLong' });
});

test('a missing model stops the start with its reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-no-model-'));
  writeFileSync(join(folder, 'unrelated.txt'), '');
  await expect(createAudioEngine({ poolSize: 1, modelFolder: folder })).rejects.toThrow();
  rmSync(folder, { recursive: true });
});

describe('with the shipped model', () => {
  const modelFolder = join(__dirname, '..', '..', '..', '..', 'models', 'reading-audio');

  test('rows of features are scored in order, and the engine names its model', async () => {
    const running = await start({ modelFolder });
    const { features } = await running.extract(speech);
    const silence = new Float64Array(features.length);
    const [spoken, silent] = await running.score([features, silence]);
    expect(spoken!.inference).toMatchObject({
      model_name: running.model.name,
      model_version: running.model.version,
    });
    expect(silent!.inference.anomaly_score).toBeGreaterThan(spoken!.inference.anomaly_score);
    await expect(running.score([])).resolves.toEqual([]);
  });

  test('a member that dies while it scores fails the batch in a way that may be tried again', async () => {
    const running = await start({ modelFolder, timeouts: { scoreMs: 1_000 } });
    const { features } = await running.extract(speech);
    freezeOnlyMember(running);
    await expect(running.score([features])).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      retryable: true,
    });
    await expect(running.score([features])).resolves.toHaveLength(1);
  });
});

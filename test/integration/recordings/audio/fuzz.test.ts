import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { AUDIO } from '../../../../tools/fuzz/audio/audio-kind.js';
import { mutantOf } from '../../../../tools/fuzz/mutant.js';
import { repairOggChecksums } from '../../../../tools/fuzz/audio/ogg-checksums.js';
import { readOriginals, runAudioFuzz } from '../../../../tools/fuzz/audio/run-audio-fuzz.js';

const files = join(__dirname, '..', '..', '..', 'fixtures', 'audio', 'files');

test('damaged files of every format end in finite features or a named error, and whole ones go on as before', async () => {
  const findingsFolder = mkdtempSync(join(tmpdir(), 'vachan-fuzz-findings-'));
  const report = await runAudioFuzz({
    originals: await readOriginals([files]),
    seed: 4,
    files: 200,
    poolSize: 2,
    findingsFolder,
  });
  rmSync(findingsFolder, { recursive: true });
  expect(report).toMatchObject({ files: 200, broken: [], leftBehind: [], ok: true });
  // Damage that is always, or never, noticed would test little.
  expect(report.ends['features']).toBeGreaterThan(10);
  expect(report.ends['AudioUndecodable']).toBeGreaterThan(10);
});

test('a file that costs its process is kept, named, and costs nothing else', async () => {
  const findingsFolder = mkdtempSync(join(tmpdir(), 'vachan-fuzz-findings-'));
  const originals = await readOriginals([files]);
  const report = await runAudioFuzz({
    originals,
    seed: 4,
    files: 6,
    poolSize: 1,
    findingsFolder,
    openEngine: async (options) => {
      const engine = await createAudioEngine(options);
      return {
        ...engine,
        memberPids: () => engine.memberPids(),
        extract: (path, options) => {
          // As a crash in native code would, in the middle of the file number 3.
          const [pid] = engine.memberPids();
          const dies = path.endsWith('/3');
          if (dies) process.kill(pid!, 'SIGSTOP');
          const end = engine.extract(path, options);
          if (dies) process.kill(pid!, 'SIGKILL');
          return end;
        },
      };
    },
  });
  const mutant = mutantOf(AUDIO, originals, 4, 3);
  expect(report).toMatchObject({ ok: true, files: 6, broken: [], ends: { AudioDecoderCrashed: 1 } });
  expect(report.lostMembers).toMatchObject([{ label: mutant.label }]);
  expect(report.lostMembers[0]!.what).toContain('SIGKILL');
  expect(readFileSync(report.lostMembers[0]!.keptAt)).toEqual(mutant.bytes);
  rmSync(findingsFolder, { recursive: true });
});

test('a damaged file is made again from its seed and number', async () => {
  const originals = await readOriginals([files]);
  expect(mutantOf(AUDIO, originals, 7, 11)).toEqual(mutantOf(AUDIO, originals, 7, 11));
  expect(mutantOf(AUDIO, originals, 7, 11).bytes).not.toEqual(mutantOf(AUDIO, originals, 7, 12).bytes);
});

test.each(['speech.ogg', 'speech.opus'])('the checksums written into %s are those of its writer', (name) => {
  const bytes = readFileSync(join(files, name));
  expect(repairOggChecksums(bytes).equals(bytes)).toBe(true);
});

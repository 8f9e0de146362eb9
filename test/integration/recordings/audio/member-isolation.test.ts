import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createAudioEngine,
  type PooledAudioEngine,
} from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { killTree, descendantsOf, treeRssBytes } from '../../../../src/platform/children/process-tree.js';
import { AudioTooComplex } from '../../../../src/pipelines/recordings/errors.js';
import { wave } from './wave-kinds.js';
import { until } from '../../../until.js';

const SECRETS = {
  MONGO_URI: 'mongodb://u:isolation-secret@h',
  POSTGRES_DSN: 'postgres://u:isolation-secret@h/d',
  AWS_SESSION_TOKEN: 'isolation-secret',
  TEMPORAL_API_KEY: 'isolation-secret',
  PAYLOAD_ENCRYPTION_KEYS: 'isolation-secret',
  SOMETHING_ELSE: 'isolation-secret',
};

const folder = mkdtempSync(join(tmpdir(), 'vachan-isolation-'));
let engine: PooledAudioEngine;
beforeAll(async () => {
  Object.assign(process.env, SECRETS);
  engine = await createAudioEngine({ poolSize: 1, memoryMb: 256 });
});
afterAll(async () => {
  await engine.close();
  for (const name of Object.keys(SECRETS)) Reflect.deleteProperty(process.env, name);
  rmSync(folder, { recursive: true });
});

/** An ID3v2.3 tag of so many chapters, each of 16 bytes and a name, before a frame of MPEG audio. */
function taggedFile(name: string, chapters: number, statedBytes?: number): string {
  const frame = (at: number): Buffer => {
    const id = `${at}\0`;
    const frameHead = Buffer.alloc(10);
    frameHead.write('CHAP', 'latin1');
    frameHead.writeUInt32BE(id.length + 16, 4);
    const times = Buffer.alloc(16);
    times.writeUInt32BE(at, 0);
    times.writeUInt32BE(at + 1, 4);
    return Buffer.concat([frameHead, Buffer.from(id, 'latin1'), times]);
  };
  const frames = Buffer.concat(Array.from({ length: chapters }, (_, at) => frame(at)));
  const bytes = statedBytes ?? frames.length;
  const head = Buffer.from([
    0x49,
    0x44,
    0x33,
    3,
    0,
    0,
    bytes >> 21,
    (bytes >> 14) & 127,
    (bytes >> 7) & 127,
    bytes & 127,
  ]);
  const sound = Buffer.alloc(417 * 40);
  for (let at = 0; at < sound.length; at += 417) sound.set([0xff, 0xfb, 0x90, 0xc0], at);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([head, frames, sound]));
  return path;
}

/** One second of a tone. */
function wav(name: string): string {
  const samples = Buffer.alloc(2 * 22_050);
  for (let at = 0; at < 22_050; at += 1) samples.writeInt16LE(Math.round(8_000 * Math.sin(at / 10)), 2 * at);
  const path = join(folder, name);
  writeFileSync(path, wave(samples));
  return path;
}

test('a process that decodes holds none of the secrets of the one that started it', () => {
  for (const pid of engine.memberPids()) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('isolation-secret');
    expect(environment).not.toMatch(/AWS_|MONGO_|POSTGRES_|TEMPORAL_|SQS_/);
  }
});

test('a tag out of all proportion is refused before a decoder reads it', async () => {
  await expect(engine.extract(taggedFile('huge.mp3', 10, 96 * 1024 * 1024))).rejects.toThrow(AudioTooComplex);
  await expect(engine.extract(wav('next.wav'))).resolves.toMatchObject({ audio: { duration_seconds: 1 } });
});

test('a recording that takes more memory than it may ends by name, and the next is decoded', async () => {
  const [before] = engine.memberPids();
  const failure = engine.extract(taggedFile('chapters.mp3', 500_000));
  await expect(failure).rejects.toThrow(AudioTooComplex);
  await expect(failure).rejects.toThrow('it took more than 256 MB of memory');
  await expect(engine.extract(wav('after.wav'))).resolves.toMatchObject({ audio: { duration_seconds: 1 } });
  expect(engine.memberPids()).not.toContain(before);
});

test('what a process has started ends with it, and counts as its memory', async () => {
  const child = spawn('sh', ['-c', 'sleep 1000 & sh -c "sleep 1000; true" & echo ready; wait'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  // The shell says so before the last of them is there.
  await until(() => descendantsOf(child.pid!).length >= 3, 10);
  const pid = child.pid!;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const started = descendantsOf(pid);
  expect(treeRssBytes(pid)).toBeGreaterThan(treeRssBytes(started[0]!)!);
  killTree(pid);
  await gone;
  child.stdout.destroy();
  // A signal is sent at once, and takes effect when its process is next looked at.
  await until(() => started.every((each) => /^(?:gone|Z|X)$/.test(readState(each))), 10);
});

/** A killed orphan may be a zombie until whoever adopted it looks. */
function readState(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return 'gone';
  }
}

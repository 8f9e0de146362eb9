import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioDecoder } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import {
  createFfmpegDecoder,
  findFfmpeg,
} from '../../../../src/pipelines/recordings/audio/decode/ffmpeg-decoder.js';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { peakMemoryMb } from '../../../../tools/fuzz/peak-memory.js';
import { repairOggChecksums } from '../../../../tools/fuzz/audio/ogg-checksums.js';
import { silentFlac } from './silent-flac.js';

const files = join(__dirname, '..', '..', '..', 'fixtures', 'audio', 'files');
const TEN_HOURS = 36_000;
/** A member has 90 MB when it starts, and ten minutes of sound are 50 more: no hostile file may ask for another size. */
const MOST_MEMBER_MB = 300;

let engine: PooledAudioEngine;
let fromPath: AudioDecoder | undefined;
let scratch: string;

beforeAll(async () => {
  engine = await createAudioEngine({ poolSize: 1 });
  if (await findFfmpeg()) fromPath = createFfmpegDecoder(DEFAULT_DECODE_LIMITS);
  else console.warn('ffmpeg is not on PATH: its limits are not tested');
  scratch = mkdtempSync(join(tmpdir(), 'vachan-limits-'));
});

afterAll(async () => {
  await engine.close();
  rmSync(scratch, { recursive: true });
});

/** Sixteen bits a sample; `claimed` is the length that the header states, `seconds` what is there, in no disk space. */
function wav(
  path: string,
  { channels = 1, rate = 16_000, claimed = 0, bytes = 40_000, form = 0xffffffff },
): void {
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(form, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * channels * 2) % 2 ** 32, 28);
  header.writeUInt16LE((channels * 2) % 2 ** 16, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(claimed, 40);
  writeFileSync(path, header);
  truncateSync(path, 44 + bytes);
}

/** The sound's pages of an Ogg file over and over, numbered as if they were one stream. */
function repeatedOgg(name: string, copies: number): Buffer {
  const whole = readFileSync(join(files, name));
  const starts: number[] = [];
  for (let at = whole.indexOf('OggS'); at >= 0; at = whole.indexOf('OggS', at + 4)) starts.push(at);
  const pages = starts.map((at, index) => whole.subarray(at, starts[index + 1]));
  const head = pages.filter((page) => page.readBigInt64LE(6) === 0n);
  const sound = pages.slice(head.length);
  const length = sound.at(-1)!.readBigInt64LE(6);
  const repeated = Array.from({ length: copies }, (_, copy) =>
    sound.map((page, index) => {
      const next = Buffer.from(page);
      // Not the last page of its stream.
      next[5]! &= ~4;
      next.writeBigInt64LE(page.readBigInt64LE(6) + length * BigInt(copy), 6);
      next.writeUInt32LE(head.length + copy * sound.length + index, 18);
      return next;
    }),
  ).flat();
  return repairOggChecksums(Buffer.concat([...head, ...repeated]));
}

/** Frames that say "no sound was sent": one byte for 20 ms. */
function silentAmr(seconds: number): Buffer {
  return Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(seconds * 50, 0x7c)]);
}

/** Speech with one such frame after every so many. */
function damagedAmr(every: number): Buffer {
  const speech = readFileSync(join(files, 'speech.amr'));
  const frames: Buffer[] = [];
  // 12.2 kbit/s: a byte and 31 more.
  for (let at = 6; at + 32 <= speech.length; at += 32) frames.push(speech.subarray(at, at + 32));
  const damaged = Array.from({ length: 20 }, () => frames)
    .flat()
    .flatMap((frame, index) => (index % every === 0 ? [frame, Buffer.from([0x7c])] : [frame]));
  return Buffer.concat([Buffer.from('#!AMR\n'), ...damaged]);
}

const hostile: [what: string, write: (path: string) => void, error: RegExp][] = [
  [
    'ten hours of silence as wav',
    (path) => wav(path, { claimed: TEN_HOURS * 32_000, bytes: TEN_HOURS * 32_000 }),
    /^AudioTooLong: /,
  ],
  [
    'ten hours of silence in 62 KB of flac',
    (path) => writeFileSync(path, silentFlac(TEN_HOURS)),
    /^AudioTooLong: /,
  ],
  [
    'twelve minutes of opus',
    (path) => writeFileSync(path, repeatedOgg('speech.opus', 660)),
    /^AudioTooLong: /,
  ],
  [
    'twelve minutes of vorbis',
    (path) => writeFileSync(path, repeatedOgg('speech.ogg', 660)),
    /^AudioTooLong: /,
  ],
  [
    'an hour of amr frames without sound',
    (path) => writeFileSync(path, silentAmr(3_600)),
    /^AudioUndecodable: /,
  ],
  [
    'speech with every tenth packet damaged',
    (path) => writeFileSync(path, damagedAmr(10)),
    /^AudioUndecodable: .*\d+ (of \d+ )?packets are damaged/,
  ],
  [
    'a wav that claims 3 GB',
    (path) => wav(path, { claimed: 3e9, form: 3e9 + 36 }),
    /^AudioTruncated: .*3000000044/,
  ],
  [
    'three hundred recordings in one file',
    (path) =>
      writeFileSync(path, Buffer.concat(Array<Buffer>(300).fill(readFileSync(join(files, 'speech.opus'))))),
    /^AudioUndecodable: .*more than 256 times/,
  ],
  [
    'megabytes that pretend to be frames',
    (path) =>
      writeFileSync(path, Buffer.concat([readFileSync(join(files, 'speech.mp3')), Buffer.alloc(4e6, 0xff)])),
    /^none/,
  ],
  ['a wav with 0 channels', (path) => wav(path, { channels: 0, claimed: 40_000 }), /^AudioUndecodable: /],
  [
    'a wav with 9 channels',
    (path) => wav(path, { channels: 9, claimed: 36_000 }),
    /9 channels, expected 1 to 8/,
  ],
  [
    'a wav with 65,535 channels',
    (path) => wav(path, { channels: 65_535, claimed: 40_000 }),
    /^AudioUndecodable: /,
  ],
  ['a wav at 1 Hz', (path) => wav(path, { rate: 1, claimed: 40_000 }), /1 Hz, expected 4000 to 192000 Hz/],
  ['a wav at 192,001 Hz', (path) => wav(path, { rate: 192_001, claimed: 40_000 }), /192001 Hz, expected/],
  ['a wav at 4 GHz', (path) => wav(path, { rate: 0xffffffff, claimed: 40_000 }), /^AudioUndecodable: /],
  ['the header of a flac', (path) => writeFileSync(path, silentFlac(0)), /^AudioUndecodable: /],
  [
    'a video without sound',
    (path) => writeFileSync(path, readFileSync(join(files, 'video-only.mp4'))),
    /no audio stream/,
  ],
];

/** The CSV's form of an error: its class, then its message. */
const written = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'none';

test.each(hostile)('%s is refused by name, in bounded memory', async (_what, write, error) => {
  const path = join(scratch, 'hostile');
  write(path);
  expect(written(await engine.extract(path).catch((thrown: unknown) => thrown))).toMatch(error);
  expect(Math.max(...engine.memberPids().map(peakMemoryMb))).toBeLessThan(MOST_MEMBER_MB);
  rmSync(path);
});

test.each(hostile)('%s is refused by ffmpeg from PATH too', async (_what, write, error) => {
  if (!fromPath) return;
  const path = join(scratch, 'hostile');
  write(path);
  expect(written(await fromPath.decode(path).catch((thrown: unknown) => thrown))).toMatch(error);
  rmSync(path);
});

test('what makes these files tiny or strange is not what makes them refused', async () => {
  const path = join(scratch, 'harmless');
  for (const bytes of [
    silentFlac(16),
    repeatedOgg('speech.opus', 3),
    repeatedOgg('speech.ogg', 3),
    damagedAmr(100),
  ]) {
    writeFileSync(path, bytes);
    if (fromPath) expect((await fromPath.decode(path)).audio.duration_seconds).toBeGreaterThan(3);
    const { audio } = await engine.extract(path);
    expect(audio.duration_seconds).toBeGreaterThan(3);
  }
});

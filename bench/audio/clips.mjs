// The clips of the race: the shipped speech samples put end to end, encoded once into the project's cache.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchCache } from '../cache.mjs';

const RATE_HZ = 22_050;

/** What phones and apps send. */
const FORMATS = [
  { extension: 'wav', codec: 'pcm_s16le', rate: 16_000, channels: 1, bitRate: 0 },
  { extension: 'mp3', codec: 'libmp3lame', rate: 44_100, channels: 2, bitRate: 128_000 },
  { extension: 'm4a', codec: 'aac', rate: 44_100, channels: 1, bitRate: 96_000 },
  { extension: 'opus', codec: 'libopus', rate: 48_000, channels: 1, bitRate: 32_000 },
];

/**
 * Makes the clips, or finds those of an earlier run of the same recipe.
 *
 * @param root the project's folder, already compiled
 * @param seconds length of each clip
 * @param perFormat clips of each format
 * @returns `{path, waveform, format, seconds}` each; `waveform` holds the decoded samples as raw float32 at 22,050 Hz
 */
export async function makeClips(root, { seconds, perFormat }) {
  const folder = benchCache(root, 'clips', recipeHash(root, seconds));
  const { openDecoder } = await import('#vachan/pipelines/recordings/audio/decode/open-decoder.js');
  const decoder = await openDecoder({ maxSeconds: 600, maxChannels: 8 });
  const clips = [];
  let speech;
  for (let number = 0; number < perFormat; number++) {
    for (const format of FORMATS) {
      const path = join(folder, `${number}.${format.extension}`);
      const waveform = `${path}.f32`;
      if (!existsSync(waveform)) {
        speech ??= await readSpeech(root, decoder);
        const part = `${path.slice(0, -format.extension.length)}part.${format.extension}`;
        rmSync(part, { force: true });
        await encode(takeFrom(speech, number, seconds), format, part);
        const { samples } = await decoder.decode(part);
        renameSync(part, path);
        writeFileSync(waveform, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      }
      clips.push({ path, waveform, format: format.extension, seconds });
    }
  }
  return clips;
}

/** Clips follow this file, the samples and the version of the encoder. */
function recipeHash(root, seconds) {
  const hash = createHash('sha256').update(`${seconds}`);
  for (const file of ['bench/audio/clips.mjs', 'samples/manifest.json', 'package.json']) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function readSpeech(root, decoder) {
  const folder = join(root, 'samples');
  const files = readdirSync(folder).filter((name) => /^(mr|hi|en)-/.test(name));
  const decoded = [];
  for (const file of files.sort()) decoded.push((await decoder.decode(join(folder, file))).samples);
  return decoded;
}

/** Another sample first for every clip, so that no two are alike. */
function takeFrom(speech, number, seconds) {
  const samples = new Float32Array(Math.round(seconds * RATE_HZ));
  for (let at = 0, next = number * 3; at < samples.length; next++) {
    const piece = speech[next % speech.length].subarray(0, samples.length - at);
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

async function encode(samples, format, path) {
  const raw = `${path}.raw`;
  writeFileSync(raw, new Uint8Array(samples.buffer));
  try {
    const { encodeWithNodeAv } = await import('./encode.mjs');
    if (await encodeWithNodeAv(samples, RATE_HZ, format, path)) return;
    const input = ['-f', 'f32le', '-ar', String(RATE_HZ), '-ac', '1', '-i', raw];
    const bitRate = format.bitRate > 0 ? ['-b:a', String(format.bitRate)] : [];
    const output = [
      '-c:a',
      format.codec,
      '-ar',
      String(format.rate),
      '-ac',
      String(format.channels),
      ...bitRate,
    ];
    const { status, stderr, error } = spawnSync('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-y',
      ...input,
      ...output,
      path,
    ]);
    if (error ?? status !== 0) throw new Error(`ffmpeg did not encode ${path}: ${error ?? stderr}`);
  } finally {
    rmSync(raw);
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioDecoder } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../../../../src/pipelines/recordings/audio/decode/audio-decoder.js';
import { createFfmpegDecoder } from '../../../../src/pipelines/recordings/audio/decode/ffmpeg-decoder.js';
import type { PooledAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { createAudioEngine } from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { ffmpegCommands } from './ffmpeg-from-pypi.js';

export const FIXTURES = join(__dirname, '..', '..', '..', 'fixtures', 'audio');
export const FILES = join(FIXTURES, 'files');
export const SAMPLES = join(__dirname, '..', '..', '..', '..', 'samples');

/** Fetching ffmpeg, on a machine that has none. */
const FIRST_TIME_MS = 300_000;

export interface AudioUnderTest {
  /** With one process and no model. */
  readonly engine: PooledAudioEngine;
  /** Writes a recording, over the one before it. @returns its path */
  written: (...parts: readonly Buffer[]) => string;
}

/** Has an engine started before a file's tests and closed after them. */
export function audioUnderTest(): AudioUnderTest {
  let engine: PooledAudioEngine;
  let scratch: string;
  beforeAll(async () => {
    engine = await createAudioEngine({ poolSize: 1 });
    scratch = mkdtempSync(join(tmpdir(), 'vachan-audio-'));
  }, FIRST_TIME_MS);
  afterAll(async () => {
    await engine.close();
    rmSync(scratch, { recursive: true });
  });
  return {
    get engine() {
      return engine;
    },
    written(...parts) {
      const path = join(scratch, 'recording');
      writeFileSync(path, Buffer.concat(parts));
      return path;
    },
  };
}

/** The decoder that starts ffmpeg, with one that is fetched where it is not installed. */
export async function ffmpegDecoder(limits = DEFAULT_DECODE_LIMITS): Promise<AudioDecoder> {
  return createFfmpegDecoder(limits, await ffmpegCommands());
}

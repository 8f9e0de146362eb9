import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Inference } from '../../contract/result-document.js';
import { AudioDecoderCrashed, AudioError, DependencyUnavailable } from '../../platform/errors.js';
import type { AudioEngine, ExtractedAudio } from '../audio-engine.js';
import type { DecodeLimits } from '../decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../decode/audio-decoder.js';
import { startMember } from './member-process.js';
import { ProcessPool } from './process-pool.js';

export interface AudioEngineOptions {
  /** Processes; one a core is best, since each keeps a core busy. */
  poolSize: number;
  /** Folder of the model that scores; without one the engine extracts only. */
  modelFolder?: string;
  limits?: Partial<DecodeLimits>;
  timeouts?: Partial<AudioEngineTimeouts>;
  /** Told when a member died or was killed, for logs. */
  onMemberLost?: (reason: string) => void;
}

export interface AudioEngineTimeouts {
  /** Decoding and features of one file, from its start. */
  extractMs: number;
  /** Scoring of one batch, from its start. */
  scoreMs: number;
  /** A member's start, with its model. */
  startMs: number;
}

const DEFAULT_TIMEOUTS: AudioEngineTimeouts = {
  // A ten-minute recording takes 5 s on one core, and was seen to take 10 on a busy machine.
  extractMs: 30_000,
  scoreMs: 5_000,
  // A cold disk and a busy machine: 0.3 s are usual.
  startMs: 30_000,
};
/** Bounds what a slow leak in native code can gather; a restart costs 0.3 s. */
const RECYCLE_AFTER_TASKS = 2_000;
/** A member with its model needs 155 MB for short recordings and 325 MB for ten minutes: this is a leak. */
const RECYCLE_ABOVE_RSS_BYTES = 500 * 1024 * 1024;

/** An `AudioEngine`, and what only tests and diagnostics ask. */
export interface PooledAudioEngine extends AudioEngine {
  readonly decoder: string;
  memberPids(): number[];
}

/**
 * Starts the pool; resolves when every member has its decoder and model.
 *
 * @throws ModelInvalid when the model cannot be used
 * @throws DependencyUnavailable when members do not start or there is no decoder
 */
export async function createAudioEngine(options: AudioEngineOptions): Promise<PooledAudioEngine> {
  const limits = { ...DEFAULT_DECODE_LIMITS, ...options.limits };
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const entry = memberEntry();
  const pool = new ProcessPool({
    size: options.poolSize,
    startMember: () => startMember(entry, { modelFolder: options.modelFolder, limits }, timeouts.startMs),
    recycleAfterTasks: RECYCLE_AFTER_TASKS,
    recycleAboveRssBytes: RECYCLE_ABOVE_RSS_BYTES,
    ...(options.onMemberLost && { onMemberLost: options.onMemberLost }),
  });
  const { model, decoder } = await pool.start();

  return {
    model,
    decoder,
    memberPids: () => pool.pids,
    close: () => pool.close(),
    async extract(path, signal) {
      const end = await pool.run({ kind: 'extract', path }, timeouts.extractMs, { signal });
      if (end.kind === 'done') return end.result as ExtractedAudio;
      if (end.kind === 'lost') throw new AudioDecoderCrashed(`Decoding ended its process: ${end.reason}`);
      if (end.error instanceof AudioError) throw end.error;
      // A defect that one file brings out must cost that file, not its batch over and over.
      throw new AudioDecoderCrashed(`Decoding failed unexpectedly: ${end.error.message}`, {
        cause: end.error,
      });
    },
    async score(rows, signal) {
      if (rows.length === 0) return [];
      const end = await pool.run({ kind: 'score', rows }, timeouts.scoreMs, { signal, urgent: true });
      if (end.kind === 'done') return end.result as Inference[];
      if (end.kind === 'failed') throw end.error;
      throw new DependencyUnavailable(`Scoring ${rows.length} recordings failed: ${end.reason}`);
    },
  };
}

/** The compiled member, found from `dist/` and, under a test runner, from `src/`. */
function memberEntry(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new DependencyUnavailable(`No package.json above ${__dirname}`);
    folder = parent;
  }
  const entry = join(folder, 'dist', 'audio', 'pool', 'member.js');
  if (!existsSync(entry)) {
    throw new DependencyUnavailable('The audio pool is not compiled: run `npm run build` first');
  }
  return entry;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Inference } from '../../contract/result-document.js';
import {
  AudioDecoderCrashed,
  AudioError,
  DependencyUnavailable,
  ModelInvalid,
} from '../../platform/errors.js';
import type { AudioEngine, ExtractedAudio, Scored } from '../audio-engine.js';
import type { DecodeLimits } from '../decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../decode/audio-decoder.js';
import { startMember } from './member-process.js';
import { ProcessPool } from './process-pool.js';

export interface AudioEngineOptions {
  /** Processes; one a core is best, since each keeps a core busy. */
  poolSize: number;
  /** Folder of the model that scores; without one the engine extracts only. */
  modelFolder?: string;
  /** Folder of a second model, whose scores come beside and decide nothing. */
  shadowFolder?: string;
  limits?: Partial<DecodeLimits>;
  timeouts?: Partial<AudioEngineTimeouts>;
  /** Told when a member died or was killed, for logs. */
  onMemberLost?: (reason: string) => void;
  /** Told when the shadow model did not score a batch, for logs. */
  onShadowFailed?: (reason: string) => void;
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
 * @throws ModelInvalid when the model, or the shadow model, cannot be used
 * @throws DependencyUnavailable when members do not start or there is no decoder
 */
export async function createAudioEngine(options: AudioEngineOptions): Promise<PooledAudioEngine> {
  const limits = { ...DEFAULT_DECODE_LIMITS, ...options.limits };
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const entry = memberEntry();
  const pool = new ProcessPool({
    size: options.poolSize,
    startMember: () =>
      startMember(
        entry,
        { modelFolder: options.modelFolder, shadowFolder: options.shadowFolder, limits },
        timeouts.startMs,
      ),
    recycleAfterTasks: RECYCLE_AFTER_TASKS,
    recycleAboveRssBytes: RECYCLE_ABOVE_RSS_BYTES,
    ...(options.onMemberLost && { onMemberLost: options.onMemberLost }),
  });
  const { model, decoder, shadow } = await pool.start();
  if (shadow !== undefined && 'error' in shadow) {
    await pool.close();
    throw new ModelInvalid(`The shadow model cannot be used: ${shadow.error.message}`);
  }
  const scoreShadow = async (
    rows: readonly Float64Array[],
    signal?: AbortSignal,
  ): Promise<Inference[] | undefined> => {
    // Waiting for a free member counts too: a batch is not held up by what decides nothing.
    const patience = AbortSignal.timeout(2 * timeouts.scoreMs);
    try {
      const task = { kind: 'score', rows, by: 'shadow' } as const;
      const either = signal ? AbortSignal.any([signal, patience]) : patience;
      const end = await pool.run(task, timeouts.scoreMs, { signal: either, urgent: true });
      if (end.kind === 'done') return end.result as Inference[];
      options.onShadowFailed?.(end.kind === 'failed' ? end.error.message : end.reason);
    } catch (error) {
      signal?.throwIfAborted();
      options.onShadowFailed?.(error instanceof Error ? error.message : String(error));
    }
    return undefined;
  };

  return {
    model,
    decoder,
    ...(shadow && { shadow }),
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
      const task = { kind: 'score', rows, by: 'model' } as const;
      const end = await pool.run(task, timeouts.scoreMs, { signal, urgent: true });
      if (end.kind === 'failed') throw end.error;
      if (end.kind === 'lost') {
        throw new DependencyUnavailable(`Scoring ${rows.length} recordings failed: ${end.reason}`);
      }
      const shadows = shadow && (await scoreShadow(rows, signal));
      return (end.result as Inference[]).map((inference, row): Scored => {
        const beside = shadows?.[row];
        return beside === undefined ? { inference } : { inference, shadow: beside };
      });
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

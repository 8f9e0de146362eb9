import type { Inference } from '../../contract/result-document.js';
import { AudioDecoderCrashed, AudioError, AudioTooComplex } from '../../errors.js';
import { compiledMember } from '../../../../platform/children/compiled-member.js';
import { startMember } from '../../../../platform/children/member-process.js';
import { ProcessPool } from '../../../../platform/children/process-pool.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import { DependencyUnavailable } from '../../../../platform/errors.js';
import { readModelFiles, type ModelFiles } from '../../model/model-files.js';
import { trainingStatisticsOf, type TrainingStatistics } from '../../model/training-statistics.js';
import { AUDIO_DEFAULTS, memberMemoryMb } from '../audio-defaults.js';
import type { AudioEngine, ExtractedAudio, ModelName, Scored } from '../audio-engine.js';
import type { DecodeLimits } from '../decode/audio-decoder.js';
import { DEFAULT_DECODE_LIMITS } from '../decode/audio-decoder.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import { FEATURE_NAMES } from '../features/feature-names.js';
import type { KernelsInUse } from '../native/native-kernels.js';
import { nameOf, withModels, type ModelsInUse } from './models-in-use.js';
import type { AudioMember, AudioPool } from './protocol.js';
import { watchModels, type ModelChanges } from './watch-models.js';
import { fromWireError } from './wire-error.js';

export interface AudioEngineOptions extends ModelChanges {
  /** Processes; one a core is best, since each keeps a core busy. */
  poolSize: number;
  /** Folder of the model that scores; without one the engine extracts only. */
  modelFolder?: string;
  /** Folder of a second model, whose scores come beside and decide nothing. */
  shadowFolder?: string;
  limits?: Partial<DecodeLimits>;
  /** Tasks after which a member is replaced by a new process. @default RECYCLE_AFTER_TASKS */
  recycleAfterTasks?: number;
  timeouts?: Partial<AudioEngineTimeouts>;
  /** What a member and the ffmpeg it starts may take. @default by the longest recording */
  memoryMb?: number | undefined;
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

const POOL = 'Audio pool';
const DEFAULT_TIMEOUTS: AudioEngineTimeouts = {
  extractMs: AUDIO_DEFAULTS.decodeTimeoutSeconds * 1_000,
  scoreMs: AUDIO_DEFAULTS.scoreTimeoutSeconds * 1_000,
  // A cold disk and a busy machine: 0.3 s are usual.
  startMs: 30_000,
};
/**
 * Decoders take and give back a few small pieces for each packet. glibc keeps those in lists of their own, and sorts the lists out at each
 * large piece that is given back, which costs more than they save: half a millisecond of a clip.
 */
const MEMBER_ENVIRONMENT = { GLIBC_TUNABLES: 'glibc.malloc.mxfast=0' };
/** Bounds what a slow leak in native code can gather; a restart costs 0.3 s. */
const RECYCLE_AFTER_TASKS = 2_000;
/** A member with its model needs 155 MB for short recordings and 325 MB for ten minutes: this is a leak. */
const RECYCLE_ABOVE_RSS_BYTES = 500 * 1024 * 1024;

/** An `AudioEngine`, and what only tests and diagnostics ask. */
export interface PooledAudioEngine extends AudioEngine {
  readonly decoder: string;
  readonly kernels: KernelsInUse;
  memberPids(): number[];
  /** What the pool does at this moment, for metrics. */
  poolUse(): AudioPool['use'];
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
  const memoryBytes = (options.memoryMb ?? memberMemoryMb(limits.maxSeconds)) * 1024 ** 2;
  const entry = compiledMember('audio pool', 'pipelines', 'recordings', 'audio', 'pool', 'member.js');
  const inUse: ModelsInUse = {
    model: options.modelFolder === undefined ? undefined : await readModelFiles(options.modelFolder),
    shadow: options.shadowFolder === undefined ? undefined : await readShadowFiles(options.shadowFolder),
  };
  const pool: AudioPool = new ProcessPool({
    name: POOL,
    size: options.poolSize,
    startMember: () => {
      const models = { ...inUse };
      const member: AudioMember = startMember({
        pool: POOL,
        entry,
        options: { ...models, limits },
        startTimeoutMs: timeouts.startMs,
        memoryBytes,
        environment: MEMBER_ENVIRONMENT,
        fromWireError,
      });
      return withModels(member, models, inUse, timeouts.startMs);
    },
    recycleAfterTasks: options.recycleAfterTasks ?? RECYCLE_AFTER_TASKS,
    recycleAboveRssBytes: RECYCLE_ABOVE_RSS_BYTES,
    ...(options.onMemberLost && { onMemberLost: options.onMemberLost }),
  });
  const { decoder, kernels, shadowError } = await pool.start();
  if (shadowError !== undefined) {
    await pool.close();
    throw shadowInvalid(fromWireError(shadowError));
  }
  const trainings = new Map<string, TrainingStatistics>();
  const noteTraining = ({ manifest }: ModelFiles): void => {
    const supply = { featureNames: FEATURE_NAMES, sampleRate: SAMPLE_RATE_HZ };
    trainings.set(keyOf(manifest), trainingStatisticsOf(manifest, supply));
  };
  if (inUse.model !== undefined) noteTraining(inUse.model);
  const watches = watchModels(options, inUse, pool, timeouts.startMs, noteTraining);
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
    get model() {
      return inUse.model ? nameOf(inUse.model) : NO_MODEL;
    },
    get shadow() {
      return inUse.shadow && nameOf(inUse.shadow);
    },
    trainingOf: (model) => trainings.get(keyOf(model)),
    decoder,
    kernels,
    memberPids: () => pool.pids,
    poolUse: () => pool.use,
    close: () => {
      for (const watch of watches) watch.close();
      return pool.close();
    },
    async extract(path, { signal, removes = false } = {}) {
      const end = await pool.run({ kind: 'extract', path, removes }, timeouts.extractMs, { signal });
      if (end.kind === 'done') return end.result as ExtractedAudio;
      if (end.kind === 'lost' && end.outOfMemory === true) {
        throw new AudioTooComplex(`Decoding was ended, since it took ${end.reason} of memory`);
      }
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
      const shadows = inUse.shadow && (await scoreShadow(rows, signal));
      return (end.result as Inference[]).map((inference, row): Scored => {
        const beside = shadows?.[row];
        return beside === undefined ? { inference } : { inference, shadow: beside };
      });
    },
  };
}

const NO_MODEL: ModelName = { name: 'none', version: '0' };

const keyOf = ({ name, version }: ModelName): string => `${name} ${version}`;

async function readShadowFiles(folder: string): Promise<ModelFiles> {
  try {
    return await readModelFiles(folder);
  } catch (error) {
    throw error instanceof ModelInvalid ? shadowInvalid(error) : error;
  }
}

function shadowInvalid(error: Error): ModelInvalid {
  return new ModelInvalid(`The shadow model cannot be used: ${error.message}`);
}

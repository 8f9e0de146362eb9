import { compiledMember } from '../../../platform/children/compiled-member.js';
import { startMember, type NoteListener } from '../../../platform/children/member-process.js';
import { ProcessPool, type RunOptions } from '../../../platform/children/process-pool.js';
import { InvalidInput } from '../../../platform/errors.js';
import type { Transcriber } from '../models/transcript/transcriber.js';
import type { MediaEngine, TaskOptions } from './media-engine.js';
import { MediaProcessLost, MediaRefused } from './media-errors.js';
import { DEFAULT_MEDIA_LIMITS, type MediaLimits } from './media-limits.js';
import type { MediaSource } from './media-source.js';
import type {
  MediaAnswer,
  MediaMember,
  MediaNote,
  MediaPool,
  MediaTask,
  TaskResult,
} from './pool/protocol.js';
import { fromWireError } from './pool/wire-error.js';

export interface MediaEngineOptions {
  /** Processes; one a core is best, since each keeps a core busy. */
  size: number;
  /** Folder with a folder a model. */
  models: string;
  /** Who writes down what is said; one that reaches a service stays in this process. @default 'built_in' */
  transcriber?: Transcriber | 'built_in' | 'off';
  limits?: Partial<MediaLimits>;
  /** What a process may take; one that takes more is ended, and its medium refused. @default MEMORY_MB */
  memoryMb?: number;
  /** Tasks after which a process is replaced. @default RECYCLE_AFTER_TASKS */
  recycleAfterTasks?: number;
  /** Without a sign of life. @default SILENCE_MS */
  silenceMs?: number;
  /** Told when a process died or was killed, for logs. */
  onMemberLost?: (reason: string) => void;
}

/** A `MediaEngine`, and what only metrics, tests and diagnostics ask. */
export interface PooledMediaEngine extends MediaEngine {
  memberPids(): number[];
  poolUse(): MediaPool['use'];
  /** Replaces processes that have nothing to do. */
  recycleIdle(): void;
}

/** A member with all models and a picture of 4K at work needs 450 MB. */
const MEMORY_MB = 900;
/** A member that had a large medium gives most of it back; this is a leak. */
const RECYCLE_ABOVE_RSS_BYTES = 450 * 1024 * 1024;
/** Bounds what a slow leak in native code can gather; a restart costs half a second. */
const RECYCLE_AFTER_TASKS = 100;
/** Members say something each second while packets are read; between two of them a picture is decoded or speech written down. */
const SILENCE_MS = 60_000;
/** A cold disk and a busy machine: 0.3 s are usual. */
const START_MS = 30_000;
const POOL = 'Media pool';
/**
 * Each thread would have a heap of its own, and glibc would keep ever larger blocks that are free, as many as the largest ones that it has
 * met: 30 MB. Blocks under 4 MB stay on the heap, since mapping each picture costs a tenth of the time that measuring it takes.
 */
const FRUGAL_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '4194304',
  MALLOC_TRIM_THRESHOLD_: '8388608',
  UV_THREADPOOL_SIZE: '2',
};
/** What is young is looked through more often, and with it go the bytes outside V8's heap that it holds: 20 MB. */
const FRUGAL_FLAGS = ['--max-semi-space-size=2'];

/**
 * Starts the pool; resolves when every member can decode. Models are opened by the first task that needs them.
 *
 * @throws DependencyUnavailable when members do not start, e.g. without npm node-av
 */
export async function createMediaEngine(options: MediaEngineOptions): Promise<PooledMediaEngine> {
  const { transcriber = 'built_in', silenceMs = SILENCE_MS, memoryMb = MEMORY_MB } = options;
  const entry = compiledMember('media pool', 'pipelines', 'interviews', 'media', 'pool', 'member.js');
  const memberOptions = {
    models: options.models,
    limits: { ...DEFAULT_MEDIA_LIMITS, ...options.limits },
    transcriber: typeof transcriber === 'string' ? transcriber : nameOf(transcriber),
  };
  const pool: MediaPool = new ProcessPool({
    name: POOL,
    size: options.size,
    startMember: (): MediaMember =>
      startMember({
        pool: POOL,
        entry,
        options: memberOptions,
        startTimeoutMs: START_MS,
        memoryBytes: memoryMb * 1024 ** 2,
        environment: FRUGAL_ENVIRONMENT,
        flags: FRUGAL_FLAGS,
        fromWireError,
      }),
    recycleAfterTasks: options.recycleAfterTasks ?? RECYCLE_AFTER_TASKS,
    recycleAboveRssBytes: RECYCLE_ABOVE_RSS_BYTES,
    ...(options.onMemberLost && { onMemberLost: options.onMemberLost }),
  });
  await pool.start();

  async function run<Kind extends TaskResult['kind']>(
    source: MediaSource,
    task: MediaTask & { kind: Kind },
    { signal, onProgress }: TaskOptions,
  ): Promise<TaskResult & { kind: Kind }> {
    signal?.throwIfAborted();
    // Of what was asked of it, when nobody waits for the answer any more.
    const over = new AbortController();
    const served = serveNotes(source, transcriber, over.signal, onProgress);
    const runOptions: RunOptions = { signal, endOnAbort: true, onNote: served.onNote };
    try {
      const end = await pool.run(task, silenceMs, runOptions);
      // Whatever came of it: it was not the medium that was read.
      if (served.failure !== undefined) throw served.failure.error;
      if (end.kind === 'done') return end.result as TaskResult & { kind: Kind };
      if (end.kind === 'failed') throw end.error;
      if (end.outOfMemory === true) throw new MediaRefused('too complex', `it took ${end.reason} of memory`);
      throw new MediaProcessLost(`The process that read the medium was lost: ${end.reason}`);
    } finally {
      over.abort(new MediaProcessLost('The task is over'));
    }
  }

  return {
    async pass(source, asked) {
      const { facts, audio, samples } = await run(
        source,
        {
          kind: 'pass',
          size: source.size,
          hear: asked.hear ?? true,
          language: asked.language,
          transcribe: asked.transcribe ?? false,
          sampleEvery: asked.sampleEvery,
          needs: asked.needs,
        },
        asked,
      );
      return { facts, audio, ...(samples && { samples }) };
    },
    async sampleVideo(source, facts, asked) {
      const { from, to, every, frames = 'all' } = asked;
      if (!(every > 0 && to >= from)) {
        throw new InvalidInput(`cannot sample from ${from} to ${to} s each ${every} s`);
      }
      const task = { kind: 'sample', size: source.size, facts, from, to, every, frames } as const;
      return (await run(source, task, asked)).samples;
    },
    close: () => pool.close(),
    memberPids: () => pool.pids,
    poolUse: () => pool.use,
    recycleIdle: () => pool.recycleIdle(),
  };
}

/** Answers what a member asks over one task. */
function serveNotes(
  source: MediaSource,
  transcriber: MediaEngineOptions['transcriber'],
  signal: AbortSignal,
  onProgress: TaskOptions['onProgress'],
): { onNote: NoteListener; failure: { error: unknown } | undefined } {
  const served: ReturnType<typeof serveNotes> = {
    failure: undefined,
    onNote(note) {
      const asked = note as MediaNote;
      if (asked.kind === 'progress') {
        onProgress?.(asked.progress);
        return undefined;
      }
      if (asked.kind === 'range') {
        const reading = source.read(asked.from, asked.to, signal);
        return reading.then(
          (bytes): MediaAnswer => ({ kind: 'bytes', number: asked.number, bytes }),
          (error: unknown): MediaAnswer => {
            served.failure ??= { error };
            return { kind: 'failed', number: asked.number, message: 'the medium cannot be read' };
          },
        );
      }
      return transcribe(asked, transcriber);
    },
  };
  return served;
}

/** A service that fails costs the transcript, and not the rest. */
async function transcribe(
  { number, pcm16k, segments, options }: MediaNote & { kind: 'transcribe' },
  transcriber: MediaEngineOptions['transcriber'],
): Promise<MediaAnswer> {
  try {
    if (typeof transcriber !== 'object') throw new InvalidInput('there is no transcriber');
    const said = await transcriber.transcribe(pcm16k, segments, options);
    return { kind: 'transcript', number, segments: said };
  } catch (error) {
    return { kind: 'failed', number, message: error instanceof Error ? error.message : String(error) };
  }
}

function nameOf({
  name,
  version,
  languages,
}: Transcriber): Pick<Transcriber, 'name' | 'version' | 'languages'> {
  return { name, version, ...(languages && { languages }) };
}

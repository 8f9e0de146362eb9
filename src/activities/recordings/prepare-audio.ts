import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioEngine } from '../../pipelines/recordings/audio/audio-engine.js';
import type { FetchAudio } from '../../pipelines/recordings/audio/fetch-audio.js';
import { AudioError, AudioUndecodable } from '../../pipelines/recordings/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { unlessAborted } from '../../platform/time/abort.js';
import type { HostActivities } from '../shared/activity-types.js';
import { undecided, type Batch, type BatchItem, type Extraction } from '../shared/batch.js';
import type { BatchStore } from '../shared/batch-store.js';
import { onScratch } from '../../platform/scratch/on-scratch.js';
import { runStage } from '../shared/stage.js';
import { takeOver } from './twins.js';

export interface PrepareAudioDependencies {
  store: BatchStore;
  fetchAudio: FetchAudio;
  engine: Pick<AudioEngine, 'extract'>;
  log: Logger;
}

/**
 * The two stages before inference: an item that fails here is `failed_pre_inference`, the others go on.
 *
 * The pool gets a recording as soon as it is downloaded, so that it need not stand idle until the last of a batch is there; the second
 * stage waits for what the first began.
 */
export function createPrepareAudioActivities(
  deps: PrepareAudioDependencies,
): Pick<HostActivities, 'downloadAudio' | 'extractFeatures'> {
  return {
    downloadAudio: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        const missing = undecided(batch).filter((item) => item.audioPath === undefined);
        await allSettled(
          missing.map((item) =>
            untilOnePasses(item, batch, (one) =>
              unlessFailed(one, log, signal, async () => {
                const path = await download(one, batch, deps, signal);
                void beginExtraction(one, path, batch, deps.engine);
              }),
            ),
          ),
        );
      }),

    extractFeatures: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        const downloaded = undecided(batch).filter((item) => item.extracted === undefined);
        await allSettled(
          downloaded.map((item) =>
            untilOnePasses(item, batch, (one) =>
              unlessFailed(one, log, signal, async () => {
                // A twin that took over has not been downloaded yet.
                const path = one.audioPath ?? (await download(one, batch, deps, signal));
                const extraction = await unlessAborted(takeExtraction(one, path, batch, deps.engine), signal);
                keepExtracted(one, extraction);
                // One that cannot be removed goes with the batch's folder.
                await unlink(path).catch(() => undefined);
              }),
            ),
          ),
        );
        log.info('feature_build_completed', {
          items: downloaded.length,
          failed: downloaded.filter((item) => item.outcome === 'failed_pre_inference').length,
        });
      }),
  };
}

/** Waits for all before it throws the first failure: a retried stage must not meet its own leftovers. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason as Error;
}

/** Works on an item and, if it fails, on its twins one by one until one of them passes. */
async function untilOnePasses(
  item: BatchItem,
  batch: Batch,
  work: (item: BatchItem) => Promise<void>,
): Promise<void> {
  for (let one: BatchItem | undefined = item; one !== undefined; one = takeOver(one, batch)) await work(one);
}

/** Fetches an item's audio into the batch's folder. @returns the file's path */
async function download(
  item: BatchItem,
  batch: Batch,
  { fetchAudio }: Pick<PrepareAudioDependencies, 'fetchAudio'>,
  signal: AbortSignal,
): Promise<string> {
  // Of this attempt alone: one that was aborted removes its file when it comes to that, and not the next one's.
  const path = join(batch.folder, `${randomUUID()}-${item.messageId.replace(/[^A-Za-z0-9-]/g, '')}`);
  await timed(item, 'download', () => onScratch(() => fetchAudio(item.message.audio_s3_url, path, signal)));
  signal.throwIfAborted();
  item.audioPath = path;
  return path;
}

/** @throws AudioUndecodable when a feature is not a finite number */
function keepExtracted(item: BatchItem, extraction: Extraction): void {
  const { extracted } = extraction;
  if (!extracted.features.every(Number.isFinite)) {
    throw new AudioUndecodable('A feature of the decoded audio is not a finite number.');
  }
  item.extracted = extracted;
  item.timingsMs['decode'] = extracted.timingsMs.decode;
  item.timingsMs['features'] = extracted.timingsMs.features;
  traceExtraction(item, extraction);
}

/** Turns an item's own failure into its outcome; anything else is the stage's failure, and so is all that meets an aborted attempt. */
async function unlessFailed(
  item: BatchItem,
  log: Logger,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof AudioError)) throw error;
    item.outcome = 'failed_pre_inference';
    item.error = `${error.name}: ${error.message}`;
    log.warn('item_failed_pre_inference', {
      trace_id: item.message.trace_id,
      message_id: item.messageId,
      receive_count: item.receiveCount,
      error,
    });
  }
}

function beginExtraction(
  item: BatchItem,
  path: string,
  { closed }: Batch,
  engine: PrepareAudioDependencies['engine'],
): Promise<Extraction> {
  const extraction = engine
    .extract(path, closed.signal)
    .then((extracted) => ({ extracted, endedAtMs: Date.now() }));
  // Thrown by the stage that waits for it, which a batch that is given back never reaches.
  extraction.catch(() => undefined);
  item.extraction = extraction;
  return extraction;
}

/** The extraction that is under way, or, for another attempt at the stage, a new one. */
async function takeExtraction(
  ...[item, path, batch, engine]: Parameters<typeof beginExtraction>
): Promise<Extraction> {
  const extraction = item.extraction ?? beginExtraction(item, path, batch, engine);
  try {
    return await extraction;
  } catch (error) {
    if (item.extraction === extraction) delete item.extraction;
    throw error;
  }
}

async function timed<T>(item: BatchItem, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const startedAtMs = Date.now();
  let errorType: string | undefined;
  try {
    return await work();
  } catch (error) {
    errorType = (error as Error).name;
    throw error;
  } finally {
    item.timingsMs[name] = Math.round(performance.now() - started);
    item.trace?.stage(name, startedAtMs, Date.now(), errorType);
  }
}

/** The pool says how long the two took, not when: they end when its answer is there. */
function traceExtraction(item: BatchItem, { extracted: { timingsMs }, endedAtMs }: Extraction): void {
  const decoded = endedAtMs - timingsMs.features;
  item.trace?.stage('decode', decoded - timingsMs.decode, decoded);
  item.trace?.stage('features', decoded, endedAtMs);
}

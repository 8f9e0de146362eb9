import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AudioEngine } from '../../pipelines/recordings/audio/audio-engine.js';
import type { FetchAudio } from '../../pipelines/recordings/audio/fetch-audio.js';
import { AudioError, AudioUndecodable } from '../../pipelines/recordings/errors.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import { onScratch } from '../../platform/scratch/on-scratch.js';
import { settle } from '../shared/delivery.js';
import { unlessAborted } from '../../platform/time/abort.js';
import { eachItem, timed } from '../shared/each-item.js';
import type { RecordingHostActivities } from './activity-types.js';
import {
  extractedOf,
  hasFailed,
  isAt,
  reach,
  workable,
  type DownloadedStage,
  type Extraction,
  type RecordingBatch,
  type RecordingDelivery,
} from './recording-delivery.js';
import { recordingStage, type StageDependencies } from './recording-stage.js';
import { takeOver } from './twins.js';

export interface PrepareAudioDependencies extends StageDependencies {
  fetchAudio: FetchAudio;
  engine: Pick<AudioEngine, 'extract'>;
}

/**
 * The two stages before inference: an item that fails here is `failed_pre_inference`, the others go on.
 *
 * The pool gets a recording as soon as it is downloaded, so that it need not stand idle until the last of a batch is
 * there; the second stage waits for what the first began.
 */
export function createPrepareAudioActivities(
  deps: PrepareAudioDependencies,
): Pick<RecordingHostActivities, 'downloadAudio' | 'extractFeatures'> {
  return {
    downloadAudio: (identity) =>
      recordingStage(deps, identity, async ({ batch, log, signal }) => {
        await eachItem(workable(batch).filter(isAt('received')), (item) =>
          untilOnePasses(item, batch, (one) =>
            unlessFailed(one, log, signal, async () => {
              await download(one, batch, deps, signal);
            }),
          ),
        );
      }),

    extractFeatures: (identity) =>
      recordingStage(deps, identity, async ({ batch, log, signal }) => {
        const waiting = workable(batch).filter((item) => extractedOf(item) === undefined);
        await eachItem(waiting, (item) =>
          untilOnePasses(item, batch, (one) =>
            unlessFailed(one, log, signal, async () => {
              // A twin that took over has not been downloaded yet.
              const downloaded = isAt('downloaded')(one)
                ? one.reached
                : await download(one, batch, deps, signal);
              const extraction = finishExtraction(one, downloaded, batch, deps.engine);
              keepExtracted(one, await unlessAborted(extraction, signal));
            }),
          ),
        );
        log.info('feature_build_completed', {
          items: waiting.length,
          failed: waiting.filter(hasFailed).length,
        });
      }),
  };
}

/** Works on an item and, if it fails, on its twins one by one until one of them passes. */
async function untilOnePasses(
  item: RecordingDelivery,
  batch: RecordingBatch,
  work: (item: RecordingDelivery) => Promise<void>,
): Promise<void> {
  let one: RecordingDelivery | undefined = item;
  for (; one !== undefined; one = takeOver(one, batch)) await work(one);
}

/**
 * Turns an item's own failure into its outcome; anything else is the stage's failure, and so is all that meets an
 * aborted attempt.
 */
async function unlessFailed(
  item: RecordingDelivery,
  log: RecordingsLogger,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof AudioError)) throw error;
    const { name, message } = error;
    settle(item, 'failed_pre_inference', { error: { name, message } });
    log.warn('item_failed_pre_inference', {
      trace_id: item.message.trace_id,
      message_id: item.messageId,
      receive_count: item.receiveCount,
      error,
    });
  }
}

/** Fetches an item's audio into the batch's folder, and hands it to the pool. */
async function download(
  item: RecordingDelivery,
  batch: RecordingBatch,
  { fetchAudio, engine }: Pick<PrepareAudioDependencies, 'fetchAudio' | 'engine'>,
  signal: AbortSignal,
): Promise<DownloadedStage> {
  // Of this attempt alone: one that was aborted removes its file when it comes to that, and not the next one's.
  const path = join(batch.folder, `${randomUUID()}-${item.messageId.replace(/[^A-Za-z0-9-]/g, '')}`);
  await timed(item, 'download', () => onScratch(() => fetchAudio(item.message.audio_s3_url, path, signal)));
  signal.throwIfAborted();
  return beginExtraction(item, path, batch, engine);
}

function beginExtraction(
  item: RecordingDelivery,
  audioPath: string,
  { closed }: RecordingBatch,
  engine: PrepareAudioDependencies['engine'],
): DownloadedStage & { extraction: Promise<Extraction> } {
  const extraction = engine
    .extract(audioPath, { signal: closed.signal, removes: true })
    .then((extracted) => ({ extracted, endedAtMs: Date.now() }));
  // Thrown by the stage that waits for it, which a batch that is given back never reaches.
  extraction.catch(() => undefined);
  const downloaded = { stage: 'downloaded', audioPath, extraction } as const;
  reach(item, downloaded);
  return downloaded;
}

/** The extraction that is under way, or, for another attempt at the stage, a new one. */
async function finishExtraction(
  item: RecordingDelivery,
  { audioPath, extraction: begun }: DownloadedStage,
  batch: RecordingBatch,
  engine: PrepareAudioDependencies['engine'],
): Promise<Extraction> {
  const extraction = begun ?? beginExtraction(item, audioPath, batch, engine).extraction;
  try {
    return await extraction;
  } catch (error) {
    if (isAt('downloaded')(item) && item.reached.extraction === extraction) {
      reach(item, { stage: 'downloaded', audioPath, extraction: undefined });
    }
    throw error;
  }
}

/** @throws AudioUndecodable when a feature is not a finite number */
function keepExtracted(item: RecordingDelivery, { extracted, endedAtMs }: Extraction): void {
  if (!extracted.features.every(Number.isFinite)) {
    throw new AudioUndecodable('A feature of the decoded audio is not a finite number.');
  }
  reach(item, { stage: 'extracted', extracted });
  const { decode, features } = extracted.timingsMs;
  Object.assign(item.timingsMs, { decode, features });
  // The pool says how long the two took, not when: they end when its answer is there.
  const decodedAtMs = endedAtMs - features;
  item.trace?.stage('decode', decodedAtMs - decode, decodedAtMs);
  item.trace?.stage('features', decodedAtMs, endedAtMs);
}

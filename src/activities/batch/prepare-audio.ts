import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioEngine, ExtractedAudio } from '../../audio/audio-engine.js';
import { AudioError, AudioUndecodable } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { HostActivities } from '../activity-types.js';
import { undecided, type BatchItem } from './batch.js';
import type { BatchStore } from './batch-store.js';
import { onScratch } from './on-scratch.js';
import { runStage } from './stage.js';

/** Fetches the audio of one address into a file. */
export type FetchAudio = (audioUrl: string, path: string, signal: AbortSignal) => Promise<{ bytes: number }>;

export interface PrepareAudioDependencies {
  store: BatchStore;
  fetchAudio: FetchAudio;
  engine: Pick<AudioEngine, 'extract'>;
  log: Logger;
}

/** The two stages before inference: an item that fails here is `failed_pre_inference`, the others go on. */
export function createPrepareAudioActivities(
  deps: PrepareAudioDependencies,
): Pick<HostActivities, 'downloadAudio' | 'extractFeatures'> {
  return {
    downloadAudio: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        const missing = undecided(batch).filter((item) => item.audioPath === undefined);
        await allSettled(
          missing.map((item) =>
            unlessFailed(item, log, async () => {
              const path = join(batch.folder, item.messageId.replace(/[^A-Za-z0-9-]/g, ''));
              await timed(item, 'download', () =>
                onScratch(() => deps.fetchAudio(item.message.audio_s3_url, path, signal)),
              );
              item.audioPath = path;
            }),
          ),
        );
      }),

    extractFeatures: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        const downloaded = undecided(batch).filter((item) => item.extracted === undefined);
        await allSettled(
          downloaded.map((item) =>
            unlessFailed(item, log, async () => {
              if (item.audioPath === undefined) return;
              const extracted = await deps.engine.extract(item.audioPath, signal);
              if (!extracted.features.every(Number.isFinite)) {
                throw new AudioUndecodable('A feature of the decoded audio is not a finite number.');
              }
              item.extracted = extracted;
              item.timingsMs['decode'] = extracted.timingsMs.decode;
              item.timingsMs['features'] = extracted.timingsMs.features;
              traceExtraction(item, extracted);
              await rm(item.audioPath, { force: true });
            }),
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

/** Turns an item's own failure into its outcome; anything else is the stage's failure. */
async function unlessFailed(item: BatchItem, log: Logger, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
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
function traceExtraction(item: BatchItem, { timingsMs }: ExtractedAudio): void {
  const end = Date.now();
  const decoded = end - timingsMs.features;
  item.trace?.stage('decode', decoded - timingsMs.decode, decoded);
  item.trace?.stage('features', decoded, end);
}

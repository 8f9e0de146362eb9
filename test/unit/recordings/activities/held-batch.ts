import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  reach,
  type RecordingBatch,
  type RecordingDelivery,
  type ScoredStage,
} from '../../../../src/activities/recordings/recording-delivery.js';
import { createBatchStore, type BatchStore } from '../../../../src/activities/shared/batch-store.js';
import type { ExtractedAudio } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import { recordingLogger, type RecordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startLease } from '../../../../src/queue/batch-lease.js';
import { received } from '../../shared/queue/received.js';
import { AUDIO, INFERENCE, recordingMessage } from '../results/deliveries.js';
import { fakeQueue, type FakeQueue } from '../../shared/activities/fake-queue.js';

export const BATCH = { batch_id: 'batch-1' };
export const VISIBILITY_SECONDS = 120;

export const EXTRACTED: ExtractedAudio = {
  features: new Float64Array([1, 2, 3]),
  audio: AUDIO,
  timingsMs: { decode: 5, features: 7 },
};

/** A batch in its store, under a real lease on a fake queue. */
export interface HeldBatch {
  store: BatchStore<RecordingDelivery>;
  batch: RecordingBatch;
  items: readonly [RecordingDelivery, ...RecordingDelivery[]];
  queue: FakeQueue;
  log: RecordingLogger;
  /** What was done to the queue and, by tests, to other stores, in order. */
  journal: string[];
  /** Lets so many seconds pass for the lease. */
  pass(seconds: number): void;
  dispose(): void;
}

/** Messages `m0`, `m1`, … of distinct recordings, received once each. */
export function heldBatch(count = 2): HeldBatch {
  const journal: string[] = [];
  const queue = fakeQueue(journal);
  const log = recordingLogger();
  const scratchPath = mkdtempSync(join(tmpdir(), 'vachan-batch-'));
  const store = createBatchStore<RecordingDelivery>({ scratchPath, log });
  let nowMs = 0;
  const lease = startLease({
    queue,
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    graceSeconds: 60,
    log,
    clock: () => nowMs,
  });
  const messages = received(count);
  queue.giveOut(messages);
  lease.add(messages);
  const items = messages.map(({ messageId, receiptHandle, receiveCount }, index): RecordingDelivery => {
    const message = recordingMessage({
      subject_id: `reading-${index}`,
      audio_s3_url: `s3://recordings/${index}.wav`,
    });
    return {
      messageId,
      receiptHandle,
      receiveCount,
      message,
      resultDocumentId: resultDocumentId(message, 'recording'),
      reached: { stage: 'received' },
      timingsMs: {},
    };
  });
  const batch: RecordingBatch = {
    batchId: BATCH.batch_id,
    workflowId: 'inference:2025-12-20:1',
    queue,
    lease,
    folder: join(scratchPath, BATCH.batch_id),
    closed: new AbortController(),
    items,
    malformed: 0,
    startedAtMs: Date.now(),
  };
  store.add(batch);
  return {
    store,
    batch,
    items: items as [RecordingDelivery, ...RecordingDelivery[]],
    queue,
    log,
    journal,
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    dispose: () => {
      lease.end();
      rmSync(scratchPath, { recursive: true, force: true });
    },
  };
}

/** Gives an item what the stages before the upsert would have given it. */
export function score(item: RecordingDelivery, of: Partial<ScoredStage> = {}): void {
  reach(item, { stage: 'scored', extracted: EXTRACTED, inference: INFERENCE, ...of });
}

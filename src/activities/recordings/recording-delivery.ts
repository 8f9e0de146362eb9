import { outcomeOf, type Delivery } from '../shared/delivery.js';
import type { Batch } from '../shared/batch.js';
import type { DeliveryReader } from '../shared/receive-batch.js';
import type { ExtractedAudio } from '../../pipelines/recordings/audio/audio-engine.js';
import { resultDocumentId, type ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import { readRecording, type RecordingMessage } from '../../pipelines/recordings/contract/message.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { Inference } from '../../pipelines/recordings/contract/result-document.js';

/** How far the stages have come with a recording. */
export type ReachedStage =
  | { stage: 'received' }
  /** Another delivery of the same recording is worked on meanwhile; see `twins.ts`. */
  | { stage: 'waiting'; for: RecordingDelivery }
  | DownloadedStage
  /** The file is gone again. */
  | { stage: 'extracted'; extracted: ExtractedAudio }
  | ScoredStage;

/** The file is there, and its extraction under way or done; undefined after one that failed. */
export interface DownloadedStage {
  stage: 'downloaded';
  audioPath: string;
  extraction: Promise<Extraction> | undefined;
}

export interface ScoredStage {
  stage: 'scored';
  extracted: ExtractedAudio;
  inference: Inference;
  /** Of the shadow model: stored, and read by nobody here. */
  shadow?: Inference | undefined;
}

/** Features, and when they were there. */
export interface Extraction {
  extracted: ExtractedAudio;
  endedAtMs: number;
}

/** One delivery of a recording. */
export interface RecordingDelivery extends Delivery<ReachedStage, Outcome> {
  readonly message: RecordingMessage;
  readonly resultDocumentId: string;
}

/** One that has come to a stage. */
export type At<Stage extends ReachedStage['stage']> = RecordingDelivery & {
  reached: Extract<ReachedStage, { stage: Stage }>;
};

export interface RecordingBatch extends Batch<RecordingDelivery> {
  /** Set once the features are in the log; see `FeatureLog`. */
  featuresLogged?: boolean;
}

/** How deliveries of recordings begin. */
export function recordingReader(basis: ResultIdBasis): DeliveryReader<RecordingMessage, RecordingDelivery> {
  return {
    read: readRecording,
    traceIdOf: ({ trace_id: traceId }) => traceId,
    begin: (arrived, message) => ({
      ...arrived,
      message,
      resultDocumentId: resultDocumentId(message, basis),
      reached: { stage: 'received' },
    }),
  };
}

export function isAt<Stage extends ReachedStage['stage']>(stage: Stage) {
  return (item: RecordingDelivery): item is At<Stage> => item.reached.stage === stage;
}

/** Moves a delivery on; of one that is known to be {@link At} a stage, too. */
export function reach(item: RecordingDelivery, reached: ReachedStage): void {
  item.reached = reached;
}

/** Whether a stage has to look at it: no stage has decided on it yet, and it waits for no twin. */
export function isWorkable({ ending, reached }: RecordingDelivery): boolean {
  return ending === undefined && reached.stage !== 'waiting';
}

export const workable = ({ items }: Pick<RecordingBatch, 'items'>): RecordingDelivery[] =>
  items.filter(isWorkable);

/** Whether a delivery failed, as `failed_pre_inference`. */
export const hasFailed = (item: RecordingDelivery): boolean => outcomeOf(item) === 'failed_pre_inference';

/** What was read from its audio, however it ended. */
export function extractedOf({ reached }: RecordingDelivery): ExtractedAudio | undefined {
  return reached.stage === 'extracted' || reached.stage === 'scored' ? reached.extracted : undefined;
}

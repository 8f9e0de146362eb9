import type { AudioEngine } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import type { Inference } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { noOutcomes } from '../../../../src/pipelines/recordings/contract/outcome.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { AudioUndecodable } from '../../../../src/pipelines/recordings/errors.js';
import type { OutgoingMessage, SendReport } from '../../../../src/queue/message-queue.js';
import type { CliContext } from '../../../../src/commands/context.js';
import type { RecordingsClients } from '../../../../src/pipelines/recordings/cli/context.js';
import type { Pipeline } from '../../../../src/pipelines/pipeline.js';
import { createRecordings } from '../../../../src/pipelines/recordings/pipeline.js';
import { runCli } from '../../../../src/cli/program.js';
import type { RunDescription, RunSignal, Runs, RunToStart } from '../../../../src/temporal/runs/runs.js';
import { loneContext, unexpected } from './lone-context.js';

/** What a command left behind. */
export interface CliRun {
  code: number;
  out: string[];
  err: string[];
  /** The lines of `out`, read as JSON. */
  json: <T = Record<string, unknown>>() => T[];
}

export type FakeParts = Partial<Omit<CliContext, 'terminal' | 'readEnvironment'> & RecordingsClients> & {
  environment?: Record<string, string>;
  /** Pipelines beside recordings. */
  others?: readonly Pipeline[];
};

/** Runs a command line against fakes: nothing outside is reached that `parts` does not name. */
export async function cli(args: readonly string[], parts: FakeParts = {}): Promise<CliRun> {
  const { environment = {}, others = [], ...rest } = parts;
  const { context, out, err } = loneContext(environment, rest);
  const recordings = createRecordings({
    openRunReader: unexpected('MongoDB'),
    openSampleReader: unexpected('MongoDB'),
    openScoreReader: unexpected('scores in MongoDB'),
    openAudioAccess: unexpected('audio'),
    openAudioEngine: unexpected('an audio engine'),
    ...rest,
  });
  const code = await runCli(args, context, [recordings, ...others]);
  return { code, out, err, json: <T>() => out.map((line) => JSON.parse(line) as T) };
}

export const RUN_ID = 'run-1';
export const WORKFLOW_ID = 'discovery:student_assessment_record:2025-12-20';

export function aSummary(changes: Partial<DiscoverySummary> = {}): DiscoverySummary {
  return {
    test_date: '2025-12-20',
    source_collection: 'student_assessment_record',
    mode: 'backfill',
    status: 'running',
    queue_url: 'https://sqs.example/1/recordings',
    discovery: { pages: 1, discovered: 10, enqueued: 10, existing: 0, late: 0 },
    watermark: null,
    source_exhausted: true,
    lanes: 1,
    limits: {
      max_concurrency: 4,
      max_records: null,
      discovery_batch_size: 100,
      batch_size: 100,
      poll_interval_seconds: 30,
    },
    drift: null,
    backlog: { visible: 0, in_flight: 0, delayed: 0, inference_workers: 1 },
    batches: 1,
    batches_failed: 0,
    hosts_lost: 0,
    received: 10,
    returned: 0,
    outcomes: { ...noOutcomes(), completed: 9, failed_pre_inference: 1 },
    failures: { AudioNotFound: 1 },
    started_at: '2025-12-20T13:44:00.000Z',
    updated_at: '2025-12-20T13:45:00.000Z',
    ...changes,
  };
}

export function aDescription(changes: Partial<RunDescription> = {}): RunDescription {
  return {
    workflow_id: WORKFLOW_ID,
    run_id: RUN_ID,
    workflow_type: 'discoveryWorkflow',
    task_queue: 'vachan',
    state: 'running',
    started_at: '2025-12-20T13:44:00.000Z',
    closed_at: null,
    ...changes,
  };
}

/** Runs that are under way at the first look and completed at the second, unless told otherwise. */
export function fakeRuns(changes: Partial<Runs> = {}): Runs & {
  started: RunToStart[];
  signals: [string, RunSignal][];
} {
  const states = ['running', 'completed'] as const;
  let looks = 0;
  const started: RunToStart[] = [];
  const signals: [string, RunSignal][] = [];
  return {
    started,
    signals,
    start: (run) => {
      started.push(run);
      return Promise.resolve({ runId: RUN_ID, started: true });
    },
    describe: () => {
      const state = states[Math.min(looks++, states.length - 1)]!;
      const closed_at = state === 'completed' ? '2025-12-20T13:45:00.000Z' : null;
      return Promise.resolve(aDescription({ state, closed_at }));
    },
    status: () => Promise.resolve({ kind: 'answered', summary: aSummary() }),
    end: () => Promise.resolve({ state: 'completed', summary: aSummary({ status: 'completed' }) }),
    retriedSteps: () => Promise.resolve([]),
    signal: (workflowId, signal) => {
      signals.push([workflowId, signal]);
      return Promise.resolve();
    },
    setLimits: (_workflowId, changes) => Promise.resolve({ ...aSummary().limits, ...changes }),
    close: () => Promise.resolve(),
    ...changes,
  };
}

/** A queue that keeps what is sent to it, and where it was opened. */
export function fakeQueue(send?: (messages: readonly OutgoingMessage[]) => SendReport): {
  sent: OutgoingMessage[];
  urls: string[];
  openQueue: CliContext['openQueue'];
} {
  const sent: OutgoingMessage[] = [];
  const urls: string[] = [];
  return {
    sent,
    urls,
    openQueue: ({ url }) => {
      urls.push(url);
      const queue = {
        send: (messages: readonly OutgoingMessage[]) => {
          sent.push(...messages);
          return Promise.resolve(send?.(messages) ?? { sent: messages.length, failed: [] });
        },
      };
      return Promise.resolve({ queue, close: () => undefined }) as ReturnType<CliContext['openQueue']>;
    },
  };
}

export function anInference(changes: Partial<Inference> = {}): Inference {
  return {
    is_anomaly: true,
    anomaly_score: 1.5,
    prediction_label: 'anomaly',
    threshold: 1,
    model_name: 'reading-audio',
    model_version: '1',
    reasons: [{ feature: 'rms_mean', contribution: 0.6, deviation: -3, description: 'quieter than usual' }],
    ...changes,
  };
}

/** An engine that can use every file but those whose name holds "broken". */
export function fakeEngine(): AudioEngine & { closed: () => boolean } {
  let closed = false;
  return {
    model: { name: 'reading-audio', version: '1' },
    closed: () => closed,
    extract: (path) =>
      path.includes('broken')
        ? Promise.reject(new AudioUndecodable('not a known audio container'))
        : Promise.resolve({
            features: new Float64Array(FEATURE_NAMES.length).fill(0.25),
            audio: { duration_seconds: 1, codec: 'mp3', sample_rate: 44_100, channels: 1, bytes: 10 },
            timingsMs: { decode: 1, features: 1 },
          }),
    score: (rows) => Promise.resolve(rows.map(() => ({ inference: anInference() }))),
    trainingOf: () => undefined,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

import { isGrpcServiceError, type Client } from '@temporalio/client';
import { queueName } from '../../../platform/text/queue-name.js';
import { discoveryWorkflowId } from '../contract/names.js';
import type { RecordingOutcomes } from '../contract/outcome.js';
import { InvalidInput } from '../../../platform/errors.js';
import type { MessageQueue } from '../../../queue/message-queue.js';
import { listRuns } from '../../../temporal/runs/list-runs.js';
import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import type { RunDescription, Runs } from '../../../temporal/runs/runs.js';
import { RUN_TYPES, isDiscovery, type RecordingsSummary } from '../contract/run-summary.js';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import { explainMissingStatus } from '../../../temporal/runs/explain-missing-status.js';
import type { ApiSources } from './api-sources.js';
import { UnknownCursor, readCursor, writeCursor } from '../../../platform/http/cursor.js';
import { toCounts, toItem } from './present-run.js';
import { summarizeQueue } from './summarize-queue.js';

/** The dead-letter queue, as far as the API shows it. */
export interface DeadLetters {
  queue: Pick<MessageQueue, 'url' | 'depth'>;
  maxReceiveCount: number;
}

export interface ApiSourcesOptions {
  client: Client;
  runs: Pick<Runs, 'describe' | 'status' | 'end'>;
  sourceCollection: string;
  queue: Pick<MessageQueue, 'url' | 'isFifo' | 'depth'>;
  /** Undefined where the queue has none. */
  findDeadLetters: () => Promise<DeadLetters | undefined>;
  countInferenceWorkers: () => Promise<number>;
  serviceMode: string;
  startedAtMs: number;
  /** Of this process, since it started. */
  metrics: { outcomes: () => RecordingOutcomes; acknowledged: () => number };
}

/** Answers from Temporal, SQS and this process, made anew each time. */
export function createApiSources(options: ApiSourcesOptions): ApiSources {
  const { client, runs, queue, metrics } = options;
  return {
    async listRuns({ test_date: testDate, status, limit, cursor }) {
      const list = JSON.stringify([testDate, status]);
      const token = cursor === undefined ? undefined : readCursor(list, cursor);
      const filter = {
        workflowTypes: RUN_TYPES,
        attributes: {
          [SEARCH_ATTRIBUTES.testDate.name]: testDate,
          [SEARCH_ATTRIBUTES.status.name]: status,
        },
      };
      const page = await listRuns(client, filter, limit, token).catch((cause: unknown) => {
        // Nothing else of what is asked comes from the caller unchecked.
        if (token !== undefined && cause instanceof InvalidInput) throw new UnknownCursor({ cause });
        throw cause;
      });
      const next = page.nextPageToken;
      return {
        runs: page.runs.map(toItem),
        next_cursor: next === undefined ? null : writeCursor(list, next),
      };
    },

    async run(testDate) {
      const { sourceCollection } = options;
      const workflowId = discoveryWorkflowId(sourceCollection, testDate);
      const description = await runs.describe(workflowId).catch((cause: unknown) => {
        if (!(cause instanceof NoSuchRun)) throw cause;
        throw new NoSuchRun(`${testDate} has no run of ${sourceCollection}.`, { cause });
      });
      const found = await summaryOf(runs, description);
      const summary = 'summary' in found && isDiscovery(found.summary) ? found.summary : undefined;
      return {
        workflow_id: workflowId,
        run_id: description.run_id,
        kind: 'discovery',
        test_date: testDate,
        source_collection: sourceCollection,
        mode: summary?.mode ?? null,
        queue: summary === undefined ? null : queueName(summary.queue_url),
        state: description.state,
        status: summary?.status ?? null,
        started_at: description.started_at,
        closed_at: description.closed_at,
        counts: summary === undefined ? null : toCounts(summary),
        counts_missing: 'missing' in found ? found.missing : null,
      };
    },

    async queueStatus() {
      const [depth, inferenceWorkers, deadLetters] = await Promise.all([
        queue.depth(),
        options.countInferenceWorkers().catch(unknownToTemporal),
        options.findDeadLetters(),
      ]);
      return {
        queue: queueName(queue.url),
        fifo: queue.isFifo,
        ...depth,
        dead_letters:
          deadLetters === undefined
            ? null
            : {
                queue: queueName(deadLetters.queue.url),
                ...(await deadLetters.queue.depth()),
                max_receive_count: deadLetters.maxReceiveCount,
              },
        inference_workers: inferenceWorkers,
        measured_at: new Date().toISOString(),
      };
    },

    async queueStats() {
      const name = queueName(queue.url);
      return {
        queue: name,
        ...(await summarizeQueue(client, runs, name)),
        this_process: {
          service_mode: options.serviceMode,
          outcomes: metrics.outcomes(),
          acknowledged: metrics.acknowledged(),
          uptime_seconds: Math.round((Date.now() - options.startedAtMs) / 1000),
        },
        measured_at: new Date().toISOString(),
      };
    },
  };
}

/** A server that does not say, or that knows no list of workers, hides what SQS says no longer. */
function unknownToTemporal(error: unknown): null {
  if (isGrpcServiceError(error)) return null;
  throw error;
}

async function summaryOf(
  runs: Pick<Runs, 'status' | 'end'>,
  description: RunDescription,
): Promise<{ summary: RecordingsSummary } | { missing: string }> {
  if (description.state !== 'running') {
    const end = await runs.end(description);
    return 'failure' in end ? { missing: end.failure } : { summary: end.summary as RecordingsSummary };
  }
  const answer = await runs.status(description.workflow_id);
  if (answer.kind === 'answered') return { summary: answer.summary as RecordingsSummary };
  return { missing: explainMissingStatus(answer, description) };
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import pLimit from 'p-limit';
import { ConfigurationError } from '../../platform/errors.js';
import { PayloadUndecodable } from './payload-undecodable.js';

/** Open runs of one queue are few, a date each; beyond so many the rest were started with the same keys. */
const RUNS_LOOKED_AT = 50;
const READS_AT_ONCE = 10;

/**
 * Makes sure that this process can read the open runs it would be handed.
 *
 * Without the right key every workflow task of such a run would fail, wait and be tried again, with nobody told.
 *
 * @throws ConfigurationError that names the run and the key, before the first task is taken
 */
export async function verifyPayloadKeys(client: Client, taskQueue: string): Promise<void> {
  const open = client.workflow.list({
    query: `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`,
    pageSize: RUNS_LOOKED_AT,
  });
  // Not one by one: a server that takes a moment for each would hold a start up for fifty of them.
  const limit = pLimit(READS_AT_ONCE);
  const reads: Promise<void>[] = [];
  for await (const run of open) {
    reads.push(limit(() => verifyInput(client, run)));
    if (reads.length >= RUNS_LOOKED_AT) break;
  }
  const outcomes = await Promise.allSettled(reads);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
}

async function verifyInput(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<void> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const payloads: Payload[] =
    history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  try {
    for (const codec of client.options.loadedDataConverter.payloadCodecs) await codec.decode(payloads);
  } catch (error) {
    if (!(error instanceof PayloadUndecodable)) throw error;
    throw new ConfigurationError(
      `The open run ${workflowId} cannot be read by this worker. ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

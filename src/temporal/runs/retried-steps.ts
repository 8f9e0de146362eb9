import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import pLimit from 'p-limit';
import { withDeadline } from '../deadline.js';
import type { FailureDetails } from '../../contract/failure-details.js';
import type { RetriedStep } from './runs.js';

/** What holds up one batch holds up the others: a fleet's thousand need not all be asked. */
const MOST_BATCHES = 50;
const ASKED_AT_ONCE = 10;
const GRPC_NOT_FOUND = 5;

type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

/**
 * The steps of a running run, and of its batches, that have failed and are tried again: the same step with the same
 * error counts once, the most frequent first.
 *
 * @throws gRPC's error when Temporal does not answer, or knows no such run
 */
export async function findRetriedSteps(client: Client, workflowId: string): Promise<RetriedStep[]> {
  const own = await describe(client, { workflowId });
  const steps = new Map<string, RetriedStep>();
  await addSteps(client, own, 0, steps);
  const limit = pLimit(ASKED_AT_ONCE);
  await Promise.all(
    (own.pendingChildren ?? []).slice(0, MOST_BATCHES).map(({ workflowId: id, runId }) =>
      limit(async () => {
        const batch = await describe(client, { workflowId: id ?? null, runId: runId ?? null }).catch(gone);
        if (batch !== undefined) await addSteps(client, batch, 1, steps);
      }),
    ),
  );
  return [...steps.values()].sort((a, b) => b.batches - a.batches || b.attempt - a.attempt);
}

function describe(
  client: Client,
  execution: temporal.api.common.v1.IWorkflowExecution,
): Promise<Description> {
  const { namespace } = client.options;
  return withDeadline(client, () =>
    client.workflowService.describeWorkflowExecution({ namespace, execution }),
  );
}

/** A batch may end, and be forgotten, between two questions. */
function gone(error: unknown): undefined {
  if (isGrpcServiceError(error) && (error.code as number) === GRPC_NOT_FOUND) return undefined;
  throw error;
}

async function addSteps(
  client: Client,
  { pendingActivities }: Description,
  batches: number,
  steps: Map<string, RetriedStep>,
): Promise<void> {
  for (const { activityType, attempt, lastFailure } of pendingActivities ?? []) {
    if (lastFailure == null) continue;
    const step = (await stepOf(client, lastFailure)) ?? activityType?.name ?? 'unknown';
    const error = await messageOf(client, lastFailure);
    const key = `${step}\n${error}`;
    const known = steps.get(key) ?? { step, batches: 0, attempt: 0, error };
    steps.set(key, {
      ...known,
      batches: known.batches + batches,
      attempt: Math.max(known.attempt, attempt ?? 1),
    });
  }
}

/** Of an activity that runs several steps, the one that failed, as it says itself. */
async function stepOf(
  client: Client,
  { applicationFailureInfo }: temporal.api.failure.v1.IFailure,
): Promise<string | undefined> {
  const [payload] = await decoded(client, applicationFailureInfo?.details?.payloads ?? []);
  if (payload === undefined) return undefined;
  const details =
    client.options.loadedDataConverter.payloadConverter.fromPayload<Partial<FailureDetails> | null>(payload);
  return typeof details?.step === 'string' ? details.step : undefined;
}

/** Of the failure itself, which names what happened; its causes are vendors' words. */
async function messageOf(client: Client, failure: temporal.api.failure.v1.IFailure): Promise<string> {
  if (failure.encodedAttributes == null) return failure.message ?? '';
  const { failureConverter, payloadConverter } = client.options.loadedDataConverter;
  const [encodedAttributes = null] = await decoded(client, [failure.encodedAttributes]);
  return failureConverter.failureToError({ ...failure, encodedAttributes, cause: null }, payloadConverter)
    .message;
}

async function decoded(
  client: Client,
  payloads: readonly temporal.api.common.v1.IPayload[],
): Promise<temporal.api.common.v1.IPayload[]> {
  let decodedSoFar = [...payloads];
  if (payloads.length === 0) return decodedSoFar;
  for (const codec of [...client.options.loadedDataConverter.payloadCodecs].reverse()) {
    decodedSoFar = await codec.decode(decodedSoFar);
  }
  return decodedSoFar;
}

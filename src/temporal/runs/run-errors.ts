import {
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
} from '@temporalio/client';
import { DependencyUnavailable, InvalidInput, VachanError } from '../../platform/errors.js';

/** Thrown when no run has the workflow id. */
export class NoSuchRun extends InvalidInput {}

/** The gRPC codes that matter here, by number, since their package is not ours. */
const GRPC = {
  cancelled: 1,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unauthenticated: 16,
};

const PERSONS_MISTAKES: readonly number[] = Object.values(GRPC).filter((code) => code !== GRPC.cancelled);

interface GrpcAnswer {
  code: number;
  details: string;
}

function grpcAnswer(error: unknown): GrpcAnswer | undefined {
  if (isGrpcServiceError(error)) return { code: error.code, details: error.details };
  return error instanceof Error && error.cause !== undefined ? grpcAnswer(error.cause) : undefined;
}

/** True when the server had nobody to pass a query or an update on to. */
export function noWorkerAnswered(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (isGrpcDeadlineError(error)) return true;
  if (error instanceof ServiceError && error.cause !== undefined) return noWorkerAnswered(error.cause);
  const answer = grpcAnswer(error);
  // A server whose time runs out a moment before ours resets the stream, which reads as a cancellation; nobody here cancels.
  if (answer?.code === GRPC.cancelled) return true;
  return answer?.code === GRPC.failedPrecondition && /poller|no worker/i.test(answer.details);
}

/** True when the run's workflow task failed in a worker, so that no query gets through. */
export function workflowTaskFails(error: unknown): boolean {
  const answer = grpcAnswer(error);
  return answer?.code === GRPC.failedPrecondition && /workflow task in failed state/i.test(answer.details);
}

/** The sentence at the bottom of a chain of failures: what happened, not where it was noticed. */
export function innermostMessage(error: Error): string {
  return error.cause instanceof Error ? innermostMessage(error.cause) : error.message;
}

/** Maps what the client throws about one run to the error family. Errors already mapped pass unchanged. */
export function toRunError(error: unknown, workflowId: string, namespace: string): Error {
  if (error instanceof VachanError) return error;
  const options = { cause: error };
  if (error instanceof WorkflowNotFoundError) {
    return /completed/i.test(error.message)
      ? new InvalidInput(`${workflowId} has ended already. See: vachan status ${workflowId}`, options)
      : new NoSuchRun(`There is no run ${workflowId} in the namespace ${namespace}.`, options);
  }
  if (error instanceof WorkflowUpdateFailedError) {
    const reason = innermostMessage(error);
    return new InvalidInput(
      /no registered handler|unknown update/i.test(reason)
        ? `${workflowId} takes no such change: runs of its kind have no limits that can be set.`
        : `${workflowId} refused the change: ${reason}`,
      options,
    );
  }
  if (noWorkerAnswered(error)) {
    return new DependencyUnavailable(
      `No worker answered for ${workflowId}. Is one running on its task queue? (npm run worker)`,
      options,
    );
  }
  const answer = grpcAnswer(error);
  if (answer === undefined) return error instanceof Error ? error : new Error(String(error));
  if (workflowTaskFails(error)) {
    return new DependencyUnavailable(
      `${workflowId} cannot answer: its last step failed in a worker, or took too long. See: vachan status ${workflowId}`,
      options,
    );
  }
  const sentence = `Temporal answered about ${workflowId}: ${answer.details}`;
  return PERSONS_MISTAKES.includes(answer.code)
    ? new InvalidInput(sentence, options)
    : new DependencyUnavailable(sentence, options);
}

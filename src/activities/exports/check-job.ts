import { Context } from '@temporalio/activity';
import { jobWorkflowId } from '../../pipelines/exports/contract/job-ref.js';
import { WORKFLOW_TYPES } from '../../pipelines/exports/contract/names.js';
import type { ExportResult } from '../../pipelines/exports/contract/result.js';
import { exportJobInputSchema } from '../../pipelines/exports/contract/workflow-inputs.js';
import type { ExportsSettings } from '../../pipelines/exports/settings/index.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import { preview } from '../../platform/text/printable.js';
import { checkedInput, invalidInput } from '../shared/checked-input.js';
import type { SourcesOf } from './await-ready.js';
import type { JobActivities } from './activity-types.js';

/** Well below what the server suggests, so that a run of a large job stays readable. */
const HISTORY_EVENTS = 1_500;

export interface CheckDependencies {
  config: Pick<ExportsSettings, 'EXPORT_READY_DEADLINE'>;
  state: Pick<ExportState, 'of'>;
  sources: SourcesOf & { readonly names: readonly string[]; has(source: string): boolean };
  /** Whether there is an endpoint that is told how jobs end. */
  tells?: boolean;
}

/** Checks a job's input and completes it from the settings, and from what S3 keeps of the job. */
export function createCheckJobActivity({
  config,
  state,
  sources,
  tells,
}: CheckDependencies): Pick<JobActivities, 'checkJob'> {
  return {
    async checkJob(raw) {
      const { info, cancellationSignal: signal } = Context.current();
      const input = checkedInput(exportJobInputSchema, raw, WORKFLOW_TYPES.job);
      const { source, export_id: exportId, priority, force, message_id: messageId } = input;
      const { workflowId } = info.workflowExecution!;
      if (!sources.has(source)) {
        throw invalidInput(
          `${WORKFLOW_TYPES.job}: source: ${preview(source)} is none of the sources that this worker knows: ${sources.names.join(', ')}`,
        );
      }
      const expected = jobWorkflowId(input);
      if (workflowId !== expected) {
        // Two runs of one export would work against each other.
        throw invalidInput(
          `${WORKFLOW_TYPES.job}: the workflow id is ${preview(workflowId)}; expected ${preview(expected)}, which makes an export's job the only one`,
        );
      }
      const job = state.of(input);
      const result = await job.result(signal);
      const isOver =
        result !== undefined &&
        (isFinal(result, force) ||
          (messageId !== undefined && (await hasBegun(job, result, messageId, signal))));
      if (isOver) {
        return { done: { ...result, state: 'already_done', ended_as: result.state } };
      }
      const startedAt = new Date(info.scheduledTimestampMs);
      return {
        plan: {
          source,
          export_id: exportId,
          attempt:
            result === undefined ? ((await job.earlierAttempts(signal)).at(-1) ?? 0) + 1 : result.attempt + 1,
          priority,
          correlation_id: input.correlation_id ?? workflowId,
          ...(messageId !== undefined && { message_id: messageId }),
          started_at: startedAt.toISOString(),
          ready_by: new Date(startedAt.getTime() + config.EXPORT_READY_DEADLINE * 1000).toISOString(),
          history_event_limit: input.history_event_limit ?? HISTORY_EVENTS,
          acknowledges: sources.of(source).acknowledge !== undefined,
          ...(tells === true && { tells }),
        },
        // A job that was cancelled and whose run died before its result has the marker still.
        begins: result !== undefined || (await job.isCancelled(signal)),
      };
    },
  };
}

/** Whether a message that was delivered again has begun an attempt already, which has ended since. */
async function hasBegun(
  job: JobState,
  latest: ExportResult,
  messageId: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (latest.message_id === messageId) return true;
  for (const attempt of await job.earlierAttempts(signal)) {
    if ((await job.result(signal, attempt))?.message_id === messageId) return true;
  }
  return false;
}

/** Whether a message may start the job anew: what succeeded is final for all, and what only failed for none. */
function isFinal({ state }: ExportResult, force: boolean): boolean {
  return state === 'succeeded' || (state !== 'failed' && !force);
}

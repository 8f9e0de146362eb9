import { EXIT, type ExitCode } from '../../../commands/context.js';
import { startRun, type WaitOptions } from '../../../commands/runs/start-run.js';
import type { JobRef } from '../contract/job-ref.js';
import { jobWorkflowId } from '../contract/job-ref.js';
import { orchestratorTaskQueue, WORKFLOW_TYPES } from '../contract/names.js';
import type { Priority } from '../contract/priority.js';
import { exportJobInputSchema, type ExportJobInput } from '../contract/workflow-inputs.js';
import type { ExportsContext } from './context.js';
import { jobNamed, type SourceOption } from './job-argument.js';
import { exportsRuns } from './runs/present-run.js';

export interface StartJobsOptions extends WaitOptions, SourceOption {
  priority?: Priority;
  correlationId?: string;
  force?: boolean;
}

/** Starts jobs, and waits for the end of a single one. */
export async function startJobs(
  context: ExportsContext,
  ids: readonly string[],
  options: StartJobsOptions,
): Promise<ExitCode> {
  const jobs = ids.map((id) => jobNamed(id, options));
  const detach = options.detach === true || jobs.length > 1;
  let worst: ExitCode = EXIT.ok;
  for (const job of jobs) {
    const code = await startRun(context, requestOf(job, options), { ...options, detach });
    if (code !== EXIT.ok) worst = code;
  }
  return worst;
}

function requestOf(job: JobRef, { priority, correlationId, force }: StartJobsOptions) {
  const input: ExportJobInput = {
    ...job,
    ...(priority !== undefined && { priority }),
    ...(correlationId !== undefined && { correlation_id: correlationId }),
    ...(force === true && { force }),
  };
  return {
    workflowType: WORKFLOW_TYPES.job,
    workflowId: jobWorkflowId(job),
    target: jobWorkflowId(job),
    taskQueue: orchestratorTaskQueue,
    schema: exportJobInputSchema,
    input: { ...input },
    namedBy: ['source', 'export_id'],
    view: exportsRuns.view,
    title: {
      staticSummary: `Export of source ${job.source}`,
      staticDetails: 'Started by `vachan exports start`.',
    },
  };
}

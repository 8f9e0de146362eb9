import { Context } from '@temporalio/activity';
import { jobWorkflowId } from '../../pipelines/exports/contract/job-ref.js';
import type { ExportParts } from '../../pipelines/exports/process/parts.js';
import { createTaskRuns } from './task-runs.js';

export interface UploadSweepActivities {
  /** @returns uploads aborted */
  sweepUploads(): Promise<number>;
}

/** Aborts what jobs that nobody runs any more have left half uploaded. */
export function createUploadSweepActivities({
  dependencies,
  temporal,
  log,
}: Pick<ExportParts, 'dependencies' | 'temporal' | 'log'>): UploadSweepActivities {
  const runs = createTaskRuns(() => temporal().client);
  return {
    async sweepUploads() {
      const aborted = await dependencies.sweepUploads(
        (job) => runs.isRunning(jobWorkflowId(job)),
        Context.current().cancellationSignal,
      );
      if (aborted > 0) log.info('export_uploads_swept', { aborted });
      return aborted;
    },
  };
}

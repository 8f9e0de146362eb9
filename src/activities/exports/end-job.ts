import { Context } from '@temporalio/activity';
import type { ExportState } from '../../pipelines/exports/state/job-state.js';
import type { Uploader } from '../../pipelines/exports/upload/uploader.js';
import type { ApiActivities, JobActivities, WorkActivities } from './activity-types.js';
import type { SourcesOf } from './await-ready.js';

/** Tells the API how a job ended, where it wants to know. */
export function createAcknowledgeActivity(
  state: Pick<ExportState, 'of' | 'prefix'>,
  sources: SourcesOf,
): Pick<ApiActivities, 'acknowledge'> {
  return {
    async acknowledge(plan, result) {
      const source = sources.of(plan.source, plan.correlation_id);
      const url = `s3://${state.prefix.bucket}/${state.of(plan).keys.result()}`;
      await source.acknowledge?.(
        plan.export_id,
        { result, result_url: url },
        Context.current().cancellationSignal,
      );
    },
  };
}

/** Of a job that ends before its files are settled: its uploads, and the copies of archives that could not be read in place. */
export function createAbortUploadsActivity(
  { of, objects }: Pick<ExportState, 'of' | 'objects'>,
  uploader: Pick<Uploader, 'abortRecorded'>,
): Pick<WorkActivities, 'abortUploads'> {
  return {
    async abortUploads(job) {
      const signal = Context.current().cancellationSignal;
      const aborted = await uploader.abortRecorded(job, signal);
      const copies = objects.keys(of(job).keys.spoolFolder, undefined, signal);
      for await (const key of copies) await objects.delete(key, signal);
      return aborted;
    },
  };
}

/** Pauses a source as a whole: each of its jobs sees it at its next look. */
export function createPauseActivity(
  state: Pick<ExportState, 'pause' | 'resume'>,
): Pick<JobActivities, 'setSourcePaused'> {
  return { setSourcePaused: (source, paused) => (paused ? state.pause(source) : state.resume(source)) };
}

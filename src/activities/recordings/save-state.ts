import { Context } from '@temporalio/activity';
import { STATE_STAGE } from '../../pipelines/recordings/contract/state-document.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { SentLog } from '../../pipelines/recordings/results/sent-log.js';
import type { StateRepository } from '../../pipelines/recordings/results/state-repository.js';
import type { OrchestratorActivities } from './activity-types.js';

export interface SaveStateDependencies {
  states: Pick<StateRepository, 'save'>;
  sentLog: Pick<SentLog, 'forget'>;
  pipelineName: string;
  now: () => Date;
  log: RecordingsLogger;
}

/** Mirrors a discovery's progress into the state collection. */
export function createSaveStateActivity({
  states,
  sentLog,
  pipelineName,
  now,
  log,
}: SaveStateDependencies): Pick<OrchestratorActivities, 'saveState'> {
  return {
    async saveState(input) {
      const execution = Context.current().info.workflowExecution ?? { workflowId: '', runId: '' };
      const { source_collection, test_date, mode, status, watermark, stats } = input;
      const named = { workflow_id: execution.workflowId, test_date, mode };
      if (input.starts_anew) log.info('state_run_started', named);
      const outcome = await states.save(
        {
          pipeline_name: pipelineName,
          stage: STATE_STAGE,
          source_collection,
          test_date,
          mode,
          status,
          watermark,
          stats,
          last_run: {
            workflow_id: execution.workflowId,
            run_id: execution.runId,
            started_at: new Date(input.started_at),
            finished_at: input.finished ? now() : null,
          },
        },
        { startsAnew: input.starts_anew },
      );
      if (input.starts_anew && outcome === 'saved') {
        // The look-back memory belongs to the incremental runs of before; this run sends everything again. Where its
        // state was refused, theirs stands, and they go on from it.
        await sentLog.forget(`${source_collection}:${test_date}`);
      }
      // The workflow's own watermark is the truth; a mirror that is ahead belongs to another run of the date.
      if (outcome === 'refused_older') log.warn('state_refused_older', { ...named, watermark });
      else log.info('watermark_advanced', { ...named, watermark });
      if (input.finished) log.info('state_run_finished', { ...named, status, stats });
    },
  };
}

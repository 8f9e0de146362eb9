import type { HeldTasks } from '../../pipelines/exports/process/held-task.js';
import type { ExportParts } from '../../pipelines/exports/process/parts.js';
import type { SettleFile } from '../../pipelines/exports/work/settle-file.js';
import { atActivityBoundary } from '../shared/activity-boundary.js';
import type { WorkActivities } from './activity-types.js';
import {
  createApiActivities,
  createOrchestratorActivities,
  createTaskActivities,
  createWorkActivities,
} from './create-activities.js';
import { createSweepActivities, type SweepActivities } from './sweep-dead-letters.js';
import { createUploadSweepActivities, type UploadSweepActivities } from './sweep-uploads.js';
import { createTaskRuns } from './task-runs.js';
import { createJobWaker } from './wake-jobs.js';

/** The activities of both roles, made from what a process has. */
export const exportsActivities = {
  orchestrator: (parts: ExportParts): object => ({
    ...createOrchestratorActivities(parts),
    ...atActivityBoundary<SweepActivities>(createSweepActivities(parts), parts.log, parts.onAttempt),
  }),
  api: (parts: ExportParts): object => createApiActivities(parts),
  work: (parts: ExportParts): WorkActivities & UploadSweepActivities => {
    const work = createWorkActivities(parts);
    return {
      ...work,
      ...atActivityBoundary<UploadSweepActivities>(
        createUploadSweepActivities(parts),
        parts.log,
        parts.onAttempt,
      ),
      joinResult: async (input) => {
        const result = await work.joinResult(input);
        parts.metrics.jobEnded(result.state);
        return result;
      },
    };
  },
  task: (parts: ExportParts, heldTasks: HeldTasks, settleFile: SettleFile) => {
    const waker = createJobWaker(createTaskRuns(() => parts.temporal().client));
    return {
      activities: createTaskActivities(parts, { heldTasks, work: { settleFile }, waker }),
      close: () => waker.close(),
    };
  },
};

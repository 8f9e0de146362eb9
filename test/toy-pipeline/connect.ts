import type { ConnectedPipeline, ProcessParts } from '#vachan/pipelines/pipeline.js';
import { createToyActivities } from './activities.js';
import { toyApi } from './api.js';
import { totalScheduleId, WORKFLOW_TYPES } from './contract.js';
import { findNumbers } from './find-numbers.js';
import { connectNumbers } from './numbers.js';
import { readToySettings } from './settings.js';

/** The toy's part of a process. */
export function connectToy(
  pipeline: string,
  { settings, log, untilAvailable }: ProcessParts,
): ConnectedPipeline {
  const toy = readToySettings(pipeline, settings);
  const numbers = connectNumbers(toy);
  return {
    checks: [{ name: 'numbers', check: () => numbers.ping() }],
    prepare: () => untilAvailable(() => numbers.createIndexes()),
    api: () => toyApi(pipeline, numbers),
    orchestrator: (temporal) => ({
      activities: createToyActivities({ numbers, largest: toy.largest, log }),
      services: [findNumbers({ pipeline, numbers, temporal, log })],
      schedules: [
        {
          scheduleId: totalScheduleId(temporal.taskQueue),
          workflowType: WORKFLOW_TYPES.total,
          workflowId: totalScheduleId(temporal.taskQueue),
          input: {},
          times: { everyMs: 3_600_000 },
        },
      ],
    }),
    close: () => numbers.close(),
  };
}

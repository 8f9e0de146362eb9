import { z } from 'zod';
import { fields, secretReference } from './fields.js';

const whole = fields.wholeNumber;

/** The orchestrator of a pipeline beside recordings, as a deployment file says it under the pipeline's name. */
export const orchestratorSchema = z
  .strictObject({
    cpu: z.int().default(512),
    // The smallest that Fargate has for half a vCPU; the container may use half of it.
    memory_mib: z.int().default(1024),
    memory_limit_mib: z.int().default(512),
    tasks: whole(1, 10).default(2),
  })
  .prefault({});

/** Size and number of the tasks of such a pipeline's workers. */
export const workerTasks = (defaults: { memoryMib: number; maxTasks: number }) => ({
  cpu: z.int().default(2048),
  memory_mib: z.int().default(defaults.memoryMib),
  min_tasks: whole(0, 1000).default(1),
  max_tasks: whole(1, 1000).default(defaults.maxTasks),
  /** Tasks that are never on Spot. */
  on_demand_tasks: whole(0, 1000).default(0),
});

/** Days that a message may wait, and a dead-letter message may be left, before an alarm. */
export const messageAgeAlarms = (defaults: { queueDays: number; deadLetterDays: number }) =>
  z
    .strictObject({
      queue_age_days: whole(1, 13).default(defaults.queueDays),
      dead_letter_age_days: whole(1, 13).default(defaults.deadLetterDays),
    })
    .prefault({});

/** Any further setting of the pipeline (docs/configuration.md), under its name. */
export const furtherSettings = {
  settings: z.record(z.string(), z.string()).default({}),
  secret_settings: z.record(z.string(), secretReference).default({}),
};

import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';

/** A schedule that belongs to a pipeline and not to a person: it is there as long as the pipeline is served. */
export interface StandingSchedule {
  /** Of one pipeline in one namespace. */
  scheduleId: string;
  times: { everyMs: number } | { cron: string; timeZone: string };
  workflowType: string;
  /** Temporal adds the time of the fire to it. */
  workflowId: string;
  input: unknown;
}

/** After a longer outage the next fire serves as well as the ones that were missed. */
const CATCH_UP_WINDOW = '10 minutes';

/**
 * Makes the schedules that are missing, and brings those that are there to what they are in this build. A pause and its
 * note are a person's, and stay. One workflow of a schedule runs at a time.
 *
 * @param taskQueue of the pipeline's orchestrators
 */
export async function keepSchedules(
  client: Client,
  taskQueue: string,
  schedules: readonly StandingSchedule[],
): Promise<void> {
  for (const { scheduleId, times, workflowType, workflowId, input } of schedules) {
    const wanted = {
      spec:
        'everyMs' in times
          ? { intervals: [{ every: times.everyMs }] }
          : { cronExpressions: [times.cron], timezone: times.timeZone },
      action: { type: 'startWorkflow' as const, workflowType, workflowId, taskQueue, args: [input] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_WINDOW },
    };
    try {
      await client.schedule.create({ scheduleId, ...wanted });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
    }
  }
}

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleExecutionResult,
} from '@temporalio/client';
import { InvalidInput } from '../../platform/errors.js';
import { toRunError } from '../runs/run-errors.js';
import type { NewSchedule, ScheduleDetails, ScheduleMemo, Schedules, ScheduleView } from './schedules.js';

/** A server that was down in the evening catches the night up until the next morning; later it would meet the next one. */
const CATCH_UP_WINDOW = '12 hours';

/**
 * Schedules as a Temporal client sees them. Closes the client's connection in the end.
 *
 * @param workflowType what they start; others are nobody's business here
 */
export function createTemporalSchedules(client: Client, workflowType: string): Schedules {
  const { namespace } = client.options;
  const asking = async <T>(scheduleId: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ScheduleAlreadyRunning) {
        throw new InvalidInput(
          `There is a schedule ${scheduleId} already: delete it first, or name another.`,
          {
            cause: error,
          },
        );
      }
      if (error instanceof ScheduleNotFoundError) {
        throw new InvalidInput(`There is no schedule ${scheduleId} in the namespace ${namespace}.`, {
          cause: error,
        });
      }
      // What the client makes of the server's refusal of a cron expression or time zone.
      if (error instanceof TypeError) {
        throw new InvalidInput(`Temporal refused the times of ${scheduleId}: ${error.message}.`, {
          cause: error,
        });
      }
      throw toRunError(error, scheduleId, namespace);
    }
  };
  const withHandle = <T>(
    scheduleId: string,
    call: (handle: ReturnType<typeof client.schedule.getHandle>) => Promise<T>,
  ): Promise<T> => asking(scheduleId, () => call(client.schedule.getHandle(scheduleId)));

  return {
    create: (schedule) =>
      asking(schedule.scheduleId, async () => {
        await client.schedule.create(scheduleOptions(schedule));
      }),
    list: () =>
      asking('schedules', async () => {
        const views: ScheduleView[] = [];
        for await (const found of client.schedule.list()) {
          if (found.action?.workflowType !== workflowType) continue;
          views.push(viewOf(found.scheduleId, found.memo, found.state, found.info));
        }
        return views.sort((a, b) => (a.schedule_id < b.schedule_id ? -1 : 1));
      }),
    describe: (scheduleId) =>
      withHandle(scheduleId, async (handle): Promise<ScheduleDetails> => {
        const found = await handle.describe();
        if (found.action.workflowType !== workflowType) {
          throw new InvalidInput(
            `The schedule ${scheduleId} starts ${found.action.workflowType}, and is none of Vachan's.`,
          );
        }
        const [input] = (found.action.args ?? []) as unknown[];
        return {
          ...viewOf(scheduleId, found.memo, found.state, found.info),
          input,
          fired: found.info.numActionsTaken,
          missed: found.info.numActionsMissedCatchupWindow,
        };
      }),
    pause: (scheduleId, note) => withHandle(scheduleId, (handle) => handle.pause(note)),
    unpause: (scheduleId, note) => withHandle(scheduleId, (handle) => handle.unpause(note)),
    trigger: (scheduleId) =>
      withHandle(scheduleId, (handle) => handle.trigger(ScheduleOverlapPolicy.ALLOW_ALL)),
    backfill: (scheduleId, start, end) =>
      withHandle(scheduleId, (handle) =>
        // Each only starts the discovery of its date, so that none needs to wait for another.
        handle.backfill({ start, end, overlap: ScheduleOverlapPolicy.ALLOW_ALL }),
      ),
    delete: (scheduleId) => withHandle(scheduleId, (handle) => handle.delete()),
    close: () => client.connection.close(),
  };
}

function scheduleOptions(schedule: NewSchedule): Parameters<Client['schedule']['create']>[0] {
  const { scheduleId, cron, timeZone, taskQueue, workflowType, workflowId, input, paused } = schedule;
  return {
    scheduleId,
    spec: { cronExpressions: [cron], timezone: timeZone },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId,
      taskQueue,
      args: [input],
      ...schedule.title,
    },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: CATCH_UP_WINDOW },
    memo: { cron, time_zone: timeZone, ...schedule.memo } satisfies ScheduleMemo,
    state: { paused },
  };
}

function viewOf(
  scheduleId: string,
  memo: ScheduleMemo = {},
  state: { paused: boolean; note?: string },
  info: { nextActionTimes: Date[]; recentActions: ScheduleExecutionResult[] },
): ScheduleView {
  const { cron = null, time_zone: timeZone = null } = memo;
  return {
    schedule_id: scheduleId,
    cron,
    time_zone: timeZone,
    memo,
    paused: state.paused,
    note: state.note === undefined || state.note === '' ? null : state.note,
    next: info.nextActionTimes.map((time) => time.toISOString()),
    recent: info.recentActions.map(({ scheduledAt, takenAt, action }) => ({
      scheduled_at: scheduledAt.toISOString(),
      taken_at: takenAt.toISOString(),
      workflow_id: action.workflow.workflowId,
    })),
  };
}

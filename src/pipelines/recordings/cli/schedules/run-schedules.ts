import { WORKFLOW_TYPES } from '../../contract/names.js';
import type { NightlyInput } from '../../contract/workflow-inputs.js';
import { EXIT, type CliContext, type ExitCode } from '../../../../commands/context.js';
import type {
  NewSchedule,
  ScheduleDetails,
  Schedules,
  ScheduleView,
} from '../../../../temporal/schedules/schedules.js';
import { nightlyTitle } from '../../contract/run-titles.js';

/** A nightly schedule as people see it. */
export interface RunScheduleView extends Omit<ScheduleView, 'memo' | 'time_zone'> {
  time_zone: string;
  /** Days from the fire's date to the test date. */
  day_offset: number;
}

export interface RunScheduleDetails extends RunScheduleView, Pick<ScheduleDetails, 'fired' | 'missed'> {
  input: NightlyInput;
}

/** A schedule whose every fire starts `nightlyWorkflow`, and that the discovery of the fire's local date. */
export function runSchedule(
  given: Pick<NewSchedule, 'scheduleId' | 'cron' | 'timeZone' | 'taskQueue' | 'paused'>,
  input: NightlyInput,
): NewSchedule {
  const { scheduleId, cron, timeZone } = given;
  return {
    ...given,
    workflowType: WORKFLOW_TYPES.nightly,
    workflowId: `nightly:${scheduleId}`,
    input,
    title: nightlyTitle(scheduleId, `${cron} (${timeZone})`),
    memo: { day_offset: input.day_offset ?? 0 },
  };
}

/** @param input tells what a schedule that was made elsewhere has no memo of */
export function runScheduleView(view: ScheduleView, input: NightlyInput = {}): RunScheduleView {
  const { schedule_id, cron, time_zone, memo, paused, note, next, recent } = view;
  return {
    schedule_id,
    cron,
    time_zone: time_zone ?? input.time_zone ?? 'UTC',
    day_offset: typeof memo['day_offset'] === 'number' ? memo['day_offset'] : (input.day_offset ?? 0),
    paused,
    note,
    next,
    recent,
  };
}

export function runScheduleDetails(details: ScheduleDetails): RunScheduleDetails {
  const input = (details.input ?? {}) as NightlyInput;
  return { ...runScheduleView(details, input), input, fired: details.fired, missed: details.missed };
}

export async function withSchedules(
  { connectSchedules }: CliContext,
  work: (schedules: Schedules) => Promise<void>,
): Promise<ExitCode> {
  const schedules = await connectSchedules(WORKFLOW_TYPES.nightly);
  try {
    await work(schedules);
    return EXIT.ok;
  } finally {
    await schedules.close();
  }
}

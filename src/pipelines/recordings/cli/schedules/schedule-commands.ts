import { isCalendarDate } from '../../../../contract/dates.js';
import { WORKFLOW_TYPES, orchestratorTaskQueue } from '../../contract/names.js';
import { describeMismatch } from '../../../../contract/mismatch.js';
import { nightlyInputSchema, type NightlyInput } from '../../contract/workflow-inputs.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { clockChanges, untouchedBy } from '../../../../temporal/schedules/clock-changes.js';
import { addDays, startOfDay } from '../../../../temporal/schedules/local-day.js';
import type { CliContext, ExitCode } from '../../../../commands/context.js';
import { count } from '../../../../commands/words.js';
import { pairLines, tableLines } from '../../../../commands/terminal/table.js';
import { BASE_SETTINGS } from '../../../../platform/config/base-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import {
  runScheduleDetails,
  runSchedule,
  runScheduleView,
  withSchedules,
  type RunScheduleView,
} from './run-schedules.js';

export interface JsonOption {
  json?: boolean;
}

export interface CreateOptions extends JsonOption {
  cron: string;
  timeZone: string;
  dayOffset: number;
  paused?: boolean;
  discovery: NonNullable<NightlyInput['discovery']>;
}

/** Makes a schedule whose every fire starts the run of the local date. */
export function createSchedule(
  context: CliContext,
  scheduleId: string,
  options: CreateOptions,
): Promise<ExitCode> {
  const { timeZone, cron, dayOffset, discovery } = options;
  checkTimeZone(timeZone);
  const input: NightlyInput = { time_zone: timeZone, day_offset: dayOffset, discovery };
  const mismatch = describeMismatch(nightlyInputSchema, input);
  if (mismatch !== undefined) throw new InvalidInput(`${WORKFLOW_TYPES.nightly}: ${mismatch}`);
  const { TASK_QUEUE: base } = loadSettings(context.readEnvironment(), pick(BASE_SETTINGS, 'TASK_QUEUE'));
  return withSchedules(context, async (schedules) => {
    const paused = options.paused === true;
    await schedules.create(
      runSchedule({ scheduleId, cron, timeZone, taskQueue: orchestratorTaskQueue(base), paused }, input),
    );
    const made = runScheduleDetails(await schedules.describe(scheduleId));
    if (options.json === true) context.terminal.out(JSON.stringify(made));
    else {
      const when = made.next[0] === undefined ? 'never' : inZone(made.next[0], timeZone);
      context.terminal.err(
        `Created ${scheduleId}${made.paused ? ', paused' : ''}. It fires next: ${when} (${timeZone}).`,
      );
      for (const line of clockLines(cron, timeZone, context.now())) context.terminal.err(line);
    }
  });
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidInput(
      `The time zone is ${JSON.stringify(timeZone)}; expected an IANA name such as Asia/Kolkata.`,
    );
  }
}

/** What changes of clocks within a year do to a schedule: a run that is left out is missed by nobody but the data. */
function clockLines(cron: string, timeZone: string, now: Date): string[] {
  const changes = clockChanges(cron, timeZone, now);
  if (changes === undefined) return [];
  const { left_out: leftOut, twice } = changes;
  if (leftOut.length + twice.length === 0) return [];
  const other = untouchedBy(cron, timeZone, now);
  return [
    ...(leftOut.length > 0
      ? [`Clocks in ${timeZone} skip these times, and the schedule does not fire: ${leftOut.join(', ')}.`]
      : []),
    ...(twice.length > 0 ? [`It fires twice at these, as clocks are put back: ${twice.join(', ')}.`] : []),
    ...(other === undefined ? [] : [`No change of clocks touches: --cron '${other}'.`]),
  ];
}

/** Lists Vachan's schedules. */
export function listSchedules(context: CliContext, { json }: JsonOption): Promise<ExitCode> {
  const { terminal } = context;
  return withSchedules(context, async (schedules) => {
    const found = (await schedules.list()).map((view) => runScheduleView(view));
    if (json === true) terminal.out(JSON.stringify({ schedules: found }));
    else if (found.length === 0) terminal.err('There are none. Make one: vachan schedule create --help');
    else terminal.out(scheduleTable(found).join('\n'));
  });
}

function scheduleTable(schedules: readonly RunScheduleView[]): string[] {
  return tableLines(
    [{ title: 'schedule' }, { title: 'cron' }, { title: 'time zone' }, { title: 'state' }, { title: 'next' }],
    schedules.map(({ schedule_id, cron, time_zone, paused, next }) => [
      schedule_id,
      cron ?? 'made elsewhere',
      time_zone,
      paused ? 'paused' : 'active',
      next[0] === undefined ? '' : inZone(next[0], time_zone),
    ]),
  );
}

/** `2025-12-20 19:00` in a time zone. */
function inZone(instant: string, timeZone: string): string {
  // The Swedish locale writes dates and times as ISO 8601 does, with a blank between.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(instant));
}

/** Shows one schedule in full. */
export function describeSchedule(
  context: CliContext,
  scheduleId: string,
  { json }: JsonOption,
): Promise<ExitCode> {
  const { terminal } = context;
  return withSchedules(context, async (schedules) => {
    const found = runScheduleDetails(await schedules.describe(scheduleId));
    if (json === true) {
      terminal.out(JSON.stringify(found));
      return;
    }
    const { time_zone: zone } = found;
    const clocks = found.cron === null ? [] : clockLines(found.cron, zone, context.now());
    const recent = found.recent.map(({ scheduled_at: at, workflow_id: id }) => `${inZone(at, zone)}  ${id}`);
    terminal.out(
      pairLines([
        ['Schedule', scheduleId],
        ['Fires', `${found.cron ?? 'as made elsewhere'} (${zone})`],
        ['Test date', offsetText(found.day_offset)],
        ['State', `${found.paused ? 'paused' : 'active'}${found.note === null ? '' : `: ${found.note}`}`],
        [
          'Next',
          found.next
            .slice(0, 5)
            .map((at) => inZone(at, zone))
            .join('\n') || 'never',
        ],
        ...(clocks.length > 0 ? ([['Clocks', clocks.join('\n')]] as const) : []),
        ['Recent', recent.join('\n') || 'none yet'],
        ['Fired', `${count(found.fired, 'time')}, ${found.missed} missed`],
        ['Discovery', JSON.stringify(found.input.discovery ?? {})],
      ]).join('\n'),
    );
  });
}

function offsetText(days: number): string {
  if (days === 0) return 'the date it fires on';
  return `${count(Math.abs(days), 'day')} ${days < 0 ? 'before' : 'after'} the date it fires on`;
}

export interface ControlScheduleOptions extends JsonOption {
  note?: string;
}

const SAID = {
  pause: 'fires no more until `vachan schedule unpause`',
  unpause: 'fires again',
  trigger: 'fires now, for the date of this moment',
  delete: 'is deleted; what it started goes on',
} as const;

/** Pauses, unpauses, fires or deletes a schedule. */
export function controlSchedule(
  context: CliContext,
  scheduleId: string,
  action: keyof typeof SAID,
  { note, json }: ControlScheduleOptions,
): Promise<ExitCode> {
  return withSchedules(context, async (schedules) => {
    if (action === 'pause' || action === 'unpause') await schedules[action](scheduleId, note);
    else await schedules[action](scheduleId);
    if (json === true) context.terminal.out(JSON.stringify({ schedule_id: scheduleId, action }));
    else context.terminal.err(`${scheduleId} ${SAID[action]}.`);
  });
}

export interface BackfillOptions extends JsonOption {
  from: string;
  to?: string;
}

/** More runs at once than this are a typing error more often than meant. */
const MOST_DAYS = 100;

/** Fires a schedule for past test dates. */
export function backfillSchedule(
  context: CliContext,
  scheduleId: string,
  { from, to = from, json }: BackfillOptions,
): Promise<ExitCode> {
  for (const date of [from, to]) {
    if (!isCalendarDate(date)) {
      throw new InvalidInput(`The date is ${JSON.stringify(date)}; expected a calendar date as YYYY-MM-DD.`);
    }
  }
  if (to < from || addDays(from, MOST_DAYS) <= to) {
    throw new InvalidInput(`From ${from} to ${to}: expected 1 to ${MOST_DAYS} days.`);
  }
  return withSchedules(context, async (schedules) => {
    const { time_zone: zone, day_offset: offset } = runScheduleDetails(await schedules.describe(scheduleId));
    const fires = (testDate: string): Date => startOfDay(addDays(testDate, -offset), zone);
    // Temporal leaves the first instant out and takes the last: a second earlier, midnight belongs to its day.
    const start = new Date(fires(from).getTime() - 1000);
    const end = new Date(fires(addDays(to, 1)).getTime() - 1000);
    if (end.getTime() > context.now().getTime()) {
      throw new InvalidInput(
        `${to} is not over yet in ${zone}: \`vachan schedule trigger ${scheduleId}\` fires it for today.`,
      );
    }
    await schedules.backfill(scheduleId, start, end);
    if (json === true) context.terminal.out(JSON.stringify({ schedule_id: scheduleId, from, to }));
    else {
      const dates = from === to ? from : `${from} to ${to}`;
      context.terminal.err(`${scheduleId} fires for ${dates}. See: vachan status ${from}`);
    }
  });
}

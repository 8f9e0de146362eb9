import type { RunTitle } from '../runs/runs.js';

/** What a schedule shows besides what Temporal knows: the server keeps a calendar, not the cron expression. */
export interface ScheduleMemo {
  cron?: string;
  time_zone?: string;
  /** Whatever else whoever made it wants to be listed with it. */
  [name: string]: unknown;
}

/** A schedule to make. */
export interface NewSchedule {
  scheduleId: string;
  /** Five fields of cron. */
  cron: string;
  timeZone: string;
  taskQueue: string;
  workflowType: string;
  /** Temporal adds the time of the fire to it. */
  workflowId: string;
  input: unknown;
  title: RunTitle;
  memo: Readonly<Record<string, unknown>>;
  paused: boolean;
}

/** A schedule as people see it. */
export interface ScheduleView {
  schedule_id: string;
  cron: string | null;
  /** Null for one that was made elsewhere. */
  time_zone: string | null;
  memo: ScheduleMemo;
  paused: boolean;
  note: string | null;
  next: readonly string[];
  recent: readonly { scheduled_at: string; taken_at: string; workflow_id: string }[];
}

export interface ScheduleDetails extends ScheduleView {
  input: unknown;
  fired: number;
  /** Not fired since the server was down for longer than the catch-up window. */
  missed: number;
}

/** Schedules that start workflows of one type. Errors are mapped to InvalidInput and DependencyUnavailable. */
export interface Schedules {
  /** @throws InvalidInput when there is one of this id, or the server refuses the cron expression or time zone */
  create(schedule: NewSchedule): Promise<void>;
  list(): Promise<ScheduleView[]>;
  describe(scheduleId: string): Promise<ScheduleDetails>;
  pause(scheduleId: string, note: string | undefined): Promise<void>;
  unpause(scheduleId: string, note: string | undefined): Promise<void>;
  /** Fires it now, paused or not. */
  trigger(scheduleId: string): Promise<void>;
  /** Fires it for every moment between the two instants at which it would have fired. */
  backfill(scheduleId: string, from: Date, to: Date): Promise<void>;
  delete(scheduleId: string): Promise<void>;
  close(): Promise<void>;
}

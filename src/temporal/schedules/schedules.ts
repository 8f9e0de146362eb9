import type { NightlyInput } from '../../pipelines/recordings/contract/workflow-inputs.js';

/** A schedule to make: each fire starts `nightlyWorkflow`, and that the discovery of the fire's local date. */
export interface NewSchedule {
  scheduleId: string;
  /** Five fields of cron. */
  cron: string;
  timeZone: string;
  taskQueue: string;
  input: NightlyInput;
  paused: boolean;
}

/** A schedule as people see it. */
export interface ScheduleView {
  schedule_id: string;
  cron: string | null;
  time_zone: string;
  /** Days from the fire's date to the test date. */
  day_offset: number;
  paused: boolean;
  note: string | null;
  next: readonly string[];
  recent: readonly { scheduled_at: string; taken_at: string; workflow_id: string }[];
}

export interface ScheduleDetails extends ScheduleView {
  input: NightlyInput;
  fired: number;
  /** Not fired since the server was down for longer than the catch-up window. */
  missed: number;
}

/** Vachan's schedules. Errors are mapped to InvalidInput and DependencyUnavailable. */
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

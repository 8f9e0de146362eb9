import type { RunSummary } from '#vachan/temporal/runs/runs.js';

/** Numbers lie in a table; each is squared by a workflow of its own, and a Schedule adds the squares up. */
export const WORKFLOW_TYPES = { number: 'toyNumberWorkflow', total: 'toyTotalWorkflow' } as const;

export interface NumberInput {
  number: number;
}

/** What becomes of a number: what its workflow ends with, and its document in the database. */
export interface Square {
  number: number;
  square: number;
  /** Of the process that stored it, as `worker_started` has it. */
  stored_by: number;
}

export interface Total {
  squares: number;
  sum: number;
}

/** What a number's workflow answers to `status`, and ends with. */
export interface NumberSummary extends RunSummary {
  status: 'running' | 'completed';
  number: number;
  square: number | null;
}

/** A run's id says whose it is, also beside other pipelines in one namespace. */
export const numberWorkflowId = (pipeline: string, number: number): string => `${pipeline}:${number}`;
/** @param taskQueue names the installation and the pipeline; a schedule is one installation's */
export const totalScheduleId = (taskQueue: string): string => `${taskQueue}-total`;

import type { Command } from 'commander';
import type { Environment } from '../platform/config/environment.js';

/**
 * `warning`: works, or will by itself, but somebody should know. `unchecked`: something before it has to be put
 * right first, or the settings name nothing to check.
 */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'unchecked';

/** What was found out about one thing that a worker depends on. */
export interface Finding {
  check: string;
  status: FindingStatus;
  detail: string;
  /** What to do about it. */
  todo?: string;
}

/** Asks one dependency. A failure that is thrown becomes a problem. */
export interface Check {
  name: string;
  /** What to do when it fails for a reason that is not known better. */
  todo: string;
  run: () => Promise<Finding[]>;
  /** @default 20: the longest that a healthy dependency takes, on a bad line */
  timeoutSeconds?: number;
}

/** What a pipeline adds to `vachan doctor`. */
export interface DoctorPart {
  /** Command lines for its help. */
  examples: readonly string[];
  /** Names differ from those of every other pipeline. */
  addOptions: (command: Command) => Command;
  /** @throws InvalidInput for an option that makes no sense */
  checks: (environment: Environment, options: Readonly<Record<string, unknown>>) => Promise<Check[]>;
}

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
export const warning = (check: string, detail: string, todo: string): Finding => ({
  check,
  status: 'warning',
  detail,
  todo,
});
export const problem = (check: string, detail: string, todo: string): Finding => ({
  check,
  status: 'problem',
  detail,
  todo,
});
export const unchecked = (check: string, detail: string, todo?: string): Finding => ({
  check,
  status: 'unchecked',
  detail,
  ...(todo !== undefined && { todo }),
});

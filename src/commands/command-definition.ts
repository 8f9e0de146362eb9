import type { Command } from 'commander';
import type { CliContext, ExitCode } from './context.js';

/**
 * Makes one command. Its action gives the exit code; a failure is thrown.
 *
 * Definitions are all loaded for `--help`, so they import nothing heavy; their actions import what they need.
 */
export type CommandDefinition = (context: CliContext, end: (code: ExitCode) => void) => Command;

/** Commands by the heading under which `--help` lists them. */
export type CommandGroups = Readonly<Record<string, readonly CommandDefinition[]>>;

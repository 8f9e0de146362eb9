import type { Command } from 'commander';
import { EXIT } from './context.js';
import { wholeNumber } from './options.js';

/** The options of every command that starts a run and waits for it. */
export function addWaitOptions(command: Command): void {
  command
    .option('--detach', 'start and leave')
    .option('--fail-existing', 'fail if it is running already, instead of joining it')
    .option('--json', 'print the summary as one JSON line');
}

/** Bounds of the workflow inputs' `history_event_limit`. */
const HISTORY_EVENT_BOUNDS = { min: 50, max: 50_000 };

export function addHistoryOption(command: Command): void {
  command.option(
    '--history-event-limit <n>',
    "continue as new after this many history events (default: the server's suggestion)",
    wholeNumber(HISTORY_EVENT_BOUNDS),
  );
}

export const exitCodesOfWaiting = `
Ctrl-C leaves the run going on.

Exit code: ${EXIT.ok} completed (or started, with --detach), ${EXIT.failed} failed, ${EXIT.stopped} stopped before its end, ${EXIT.detached} left with Ctrl-C.`;

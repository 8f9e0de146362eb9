import { printable } from '../platform/text/printable.js';
import { ConfigurationError, VachanError } from '../platform/errors.js';
import type { Terminal } from '../commands/terminal/terminal.js';

const LINE_CHARACTERS = 4_000;

/**
 * Tells a person why a command could not do its work.
 *
 * A mistake of theirs, or a server that does not answer, is one sentence. Only what nobody foresaw also says where
 * the stack can be had.
 */
export function tellFailure(error: unknown, terminal: Terminal, debug: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  // A message may have several lines of its own, and quote what others wrote.
  const lines = message.split('\n').map((line) => printable(line, LINE_CHARACTERS));
  terminal.err(`vachan: ${lines.join('\n')}`);
  if (error instanceof ConfigurationError) {
    terminal.err(
      'Settings come from the environment, .env, and the .stack.env of a running `npm run stack`.',
    );
  }
  if (debug) terminal.err(error instanceof Error ? stackOf(error) : '');
  else if (!(error instanceof VachanError)) {
    terminal.err('This was not foreseen; LOG_LEVEL=debug shows where it happened.');
  }
}

function stackOf(error: Error): string {
  const own = error.stack ?? '';
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}

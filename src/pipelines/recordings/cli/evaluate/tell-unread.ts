import { count } from '../../../../commands/words.js';
import type { Terminal } from '../../../../commands/terminal/terminal.js';
import { printable } from '../../../../platform/text/printable.js';
import type { UnreadRecording } from './score-labels.js';

/** More than that are counted. */
const MOST_UNREAD = 10;
const LINE_CHARACTERS = 600;

/** Names what could not be read and is in no figure. */
export function tellUnread(terminal: Terminal, unread: readonly UnreadRecording[]): void {
  if (unread.length === 0) return;
  terminal.err(`\nLeft out, since ${count(unread.length, 'recording')} could not be read:`);
  for (const { line, recording, error } of unread.slice(0, MOST_UNREAD)) {
    terminal.err(printable(`  line ${line}, ${recording}: ${error}`, LINE_CHARACTERS));
  }
  if (unread.length > MOST_UNREAD)
    terminal.err(`  … and ${unread.length - MOST_UNREAD} more (--json has all)`);
}

import { thousands } from '../../../../commands/words.js';
import type { Terminal } from '../../../../commands/terminal/terminal.js';

/** A count that changes in place where a person watches; elsewhere one line at the start. */
export function createProgress(
  terminal: Terminal,
  all: number,
): { show: (done: number) => void; end: () => void } {
  const { live } = terminal;
  if (live === undefined) terminal.err(`Scoring ${thousands(all)} recordings…`);
  return {
    show: (done) => void live?.write(`\rScoring recordings: ${thousands(done)} of ${thousands(all)}`),
    end: () => void live?.write('\r\u001b[K'),
  };
}

import type { Terminal } from '../../../../commands/terminal/terminal.js';
import { leftOutLines } from '../evaluate/left-out.js';
import type { GatheredScores } from './gather-scores.js';

/** Says which verdicts neither set nor judge the threshold, and what it rests on. */
export function tellNotes(terminal: Terminal, { left_out, notes = [] }: GatheredScores): void {
  const left = leftOutLines({
    'not drawn at random': left_out?.not_drawn,
    unsure: left_out?.unsure,
    'without a verdict': left_out?.open,
    'without a result on this date': left_out?.not_found,
    'scored by another model': left_out?.other_model,
  });
  const lines = [...notes, ...left];
  if (lines.length > 0) terminal.err(`\n${lines.join('\n')}`);
}

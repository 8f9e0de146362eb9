import { describeLimitMismatch } from '../../../../contract/limits.js';
import { LIMIT_BOUNDS, type LimitChanges } from '../../contract/limits.js';
import { EXIT, type CliContext, type ExitCode } from '../../../../commands/context.js';
import { pairLines } from '../../../../commands/terminal/table.js';
import { CommandMisused } from '../../../../commands/command-misused.js';
import { workflowIdOf } from './run-target.js';

/** Changes limits of a running discovery and shows those now in force. */
export async function setLimits(
  context: CliContext,
  target: string,
  changes: LimitChanges,
  json: boolean,
): Promise<ExitCode> {
  if (Object.keys(changes).length === 0) {
    throw new CommandMisused('Nothing to change: give at least one limit. See: vachan set-limits --help');
  }
  const mismatch = describeLimitMismatch(LIMIT_BOUNDS, changes);
  if (mismatch !== undefined) throw new CommandMisused(mismatch);
  const workflowId = workflowIdOf(target, context.readEnvironment()) ?? target;
  const runs = await context.connectRuns();
  try {
    const limits = await runs.setLimits(workflowId, changes);
    if (json) context.terminal.out(JSON.stringify({ workflow_id: workflowId, limits }));
    else {
      const pairs = Object.entries(limits).map(([name, value]) => [name, String(value ?? 'none')] as const);
      context.terminal.out(pairLines(pairs).join('\n'));
    }
    return EXIT.ok;
  } finally {
    await runs.close();
  }
}

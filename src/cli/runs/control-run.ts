import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import type { RunPresentation } from '../../commands/runs/run-view.js';
import type { RunSignal, Runs } from '../../temporal/runs/runs.js';
import { workflowIdOf } from '../../commands/runs/which-run.js';

/** Opens the runs for one question about the run that a person names. */
export async function withRun<T>(
  context: CliContext,
  presentations: readonly RunPresentation[],
  target: string,
  ask: (runs: Runs, workflowId: string) => Promise<T>,
): Promise<T> {
  const workflowId = await workflowIdOf(presentations, target, context.readEnvironment());
  const runs = await context.connectRuns();
  try {
    return await ask(runs, workflowId);
  } finally {
    await runs.close();
  }
}

const SAID: Record<RunSignal, string> = {
  pause: 'will start nothing new until `vachan resume`; what is under way finishes',
  resume: 'goes on',
  drain: 'finishes what is under way and then ends; what it has not begun is left for another run',
};

/** Tells a running run to pause, go on, or come to an end. */
export function sendSignal(
  context: CliContext,
  presentations: readonly RunPresentation[],
  target: string,
  signal: RunSignal,
  json: boolean,
): Promise<ExitCode> {
  return withRun(context, presentations, target, async (runs, workflowId) => {
    await runs.signal(workflowId, signal);
    if (json) context.terminal.out(JSON.stringify({ workflow_id: workflowId, signal }));
    else context.terminal.out(`${workflowId} ${SAID[signal]}.`);
    return EXIT.ok;
  });
}

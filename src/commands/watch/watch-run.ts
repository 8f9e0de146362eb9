import type { CliContext, ExitCode } from '../context.js';
import { EXIT } from '../context.js';
import { followRun } from '../runs/follow-run.js';
import { createRunProgress, type RunProgress } from '../runs/run-progress.js';
import type { RunPresentation } from '../runs/run-view.js';
import { viewRunBy, workflowIdOf } from '../runs/which-run.js';
import { tellEnd } from '../runs/start-run.js';
import { createWatchScreen } from './watch-screen.js';

/** Shows a run until it ends or the person leaves. The exit code is that of `start`. */
export async function watchRun(
  context: CliContext,
  presentations: readonly RunPresentation[],
  target: string,
  json = false,
): Promise<ExitCode> {
  const { terminal, now, sleep } = context;
  const environment = context.readEnvironment();
  const workflowId = await workflowIdOf(presentations, target, environment);
  const viewOf = viewRunBy(presentations);
  const runs = await context.connectRuns();
  const leaving = new AbortController();
  const stopListening = context.onInterrupt(() => leaving.abort());
  const progress = createProgress(context, target);
  try {
    const followed = await followRun({
      runs,
      workflowId,
      viewOf,
      progress,
      signal: leaving.signal,
      now,
      sleep,
    });
    progress.stop();
    if (followed !== 'detached') return tellEnd(terminal, followed, viewOf, json);
    terminal.err(`Left ${workflowId}, which goes on.`);
    return EXIT.detached;
  } finally {
    stopListening();
    // Also after a failure: the terminal must be whole before anything else is said.
    progress.stop();
    await runs.close();
  }
}

function createProgress({ terminal, now, readEnvironment }: CliContext, target: string): RunProgress {
  const { NO_COLOR: noColour, TERM: term } = readEnvironment();
  // A dumb terminal cannot place its cursor: it gets lines, as a pipe does.
  if (terminal.live === undefined || term === 'dumb') {
    return createRunProgress({ ...terminal, live: undefined }, now);
  }
  const colour = noColour === undefined || noColour === '';
  return createWatchScreen({ screen: terminal.live, target, colour, now });
}

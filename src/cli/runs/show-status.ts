import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { heldUpRows, runLines } from '../../commands/runs/run-lines.js';
import type { RunPresentation } from '../../commands/runs/run-view.js';
import { pairLines } from '../../commands/terminal/table.js';
import { explainMissingStatus } from '../../temporal/runs/explain-missing-status.js';
import type { RetriedStep, RunDescription, Runs, RunSummary } from '../../temporal/runs/runs.js';
import { withRun } from './control-run.js';
import { viewRunBy } from '../../commands/runs/which-run.js';

/** Shows a run, whether it is under way or over. Exit code 1 for one that failed. */
export function showStatus(
  context: CliContext,
  presentations: readonly RunPresentation[],
  target: string,
  json: boolean,
): Promise<ExitCode> {
  const { terminal } = context;
  return withRun(context, presentations, target, async (runs, workflowId) => {
    const description = await runs.describe(workflowId);
    const running = description.state === 'running';
    const [found, retried] = await Promise.all([
      summaryOf(runs, description),
      running ? runs.retriedSteps(workflowId) : [],
    ]);
    if (json) terminal.out(JSON.stringify({ ...description, ...found, retried_steps: retried }));
    else {
      const view = 'summary' in found ? viewRunBy(presentations)(description, found.summary) : undefined;
      const lines =
        view === undefined
          ? bareLines(description, 'reason' in found ? found.reason : NO_VIEW, retried)
          : runLines(description, view, retried);
      terminal.out(lines.join('\n'));
    }
    return running || description.state === 'completed' ? EXIT.ok : EXIT.failed;
  });
}

const NO_VIEW = 'It is a run of no pipeline here; --json shows what it says of itself.';

async function summaryOf(
  runs: Runs,
  description: RunDescription,
): Promise<{ summary: RunSummary } | { reason: string }> {
  if (description.state !== 'running') {
    const end = await runs.end(description);
    return 'failure' in end ? { reason: end.failure } : { summary: end.summary };
  }
  const answer = await runs.status(description.workflow_id);
  if (answer.kind === 'answered') return { summary: answer.summary };
  return { reason: explainMissingStatus(answer, description) };
}

function bareLines(description: RunDescription, reason: string, retried: readonly RetriedStep[]): string[] {
  return pairLines([
    ['Run', description.workflow_id],
    ['Status', description.state],
    ['Started', description.started_at],
    ...(description.closed_at === null ? [] : [['Ended', description.closed_at] as const]),
    ['Reason', reason],
    ...heldUpRows(retried),
  ]);
}

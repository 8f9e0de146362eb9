import { LIMIT_BOUNDS, type LimitChanges } from '../../pipelines/recordings/contract/limits.js';
import { describeLimitMismatch } from '../../contract/limits.js';
import { InvalidInput } from '../../platform/errors.js';
import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { pairLines } from '../../commands/terminal/table.js';
import { heldUpPairs, summaryLines } from './run-summary.js';
import { workflowIdOf } from './run-target.js';
import { whyNoStatus } from '../../temporal/runs/why-no-status.js';
import type { RetriedStep, RunDescription, RunSignal, Runs, RunSummary } from '../../temporal/runs/runs.js';

/** Opens the runs for one question about the run that a person names. */
async function withRun<T>(
  context: CliContext,
  target: string,
  ask: (runs: Runs, workflowId: string) => Promise<T>,
): Promise<T> {
  const workflowId = workflowIdOf(target, context.readEnvironment());
  const runs = await context.connectRuns();
  try {
    return await ask(runs, workflowId);
  } finally {
    await runs.close();
  }
}

/** Shows a run, whether it is under way or over. Exit code 1 for one that failed. */
export function showStatus(context: CliContext, target: string, json: boolean): Promise<ExitCode> {
  const { terminal } = context;
  return withRun(context, target, async (runs, workflowId) => {
    const description = await runs.describe(workflowId);
    const running = description.state === 'running';
    const [found, retried] = await Promise.all([
      summaryOf(runs, description),
      running ? runs.retriedSteps(workflowId) : [],
    ]);
    const failed = !running && description.state !== 'completed';
    if (json) terminal.out(JSON.stringify({ ...description, ...found, retried_steps: retried }));
    else if ('summary' in found) terminal.out(summaryLines(description, found.summary, retried).join('\n'));
    else terminal.out(bareLines(description, found.reason, retried).join('\n'));
    return failed ? EXIT.failed : EXIT.ok;
  });
}

type Found = { summary: RunSummary };

async function summaryOf(runs: Runs, description: RunDescription): Promise<Found | { reason: string }> {
  if (description.state !== 'running') {
    const end = await runs.end(description);
    return 'failure' in end ? { reason: end.failure } : { summary: end.summary };
  }
  const answer = await runs.status(description.workflow_id);
  if (answer.kind === 'answered') return { summary: answer.summary };
  return { reason: whyNoStatus(answer, description) };
}

function bareLines(description: RunDescription, reason: string, retried: readonly RetriedStep[]): string[] {
  return pairLines([
    ['Run', description.workflow_id],
    ['Status', description.state],
    ['Started', description.started_at],
    ...(description.closed_at === null ? [] : [['Ended', description.closed_at] as const]),
    ['Reason', reason],
    ...heldUpPairs(retried),
  ]);
}

const SAID: Record<RunSignal, string> = {
  pause: 'will start nothing new until `vachan resume`; what is under way finishes',
  resume: 'goes on',
  drain: 'finishes what is under way and then ends; what waits in the queue stays there',
};

/** Tells a running run to pause, go on, or come to an end. */
export function sendSignal(
  context: CliContext,
  target: string,
  signal: RunSignal,
  json: boolean,
): Promise<ExitCode> {
  return withRun(context, target, async (runs, workflowId) => {
    await runs.signal(workflowId, signal);
    if (json) context.terminal.out(JSON.stringify({ workflow_id: workflowId, signal }));
    else context.terminal.out(`${workflowId} ${SAID[signal]}.`);
    return EXIT.ok;
  });
}

/** Changes limits of a running discovery and shows those now in force. */
export async function setLimits(
  context: CliContext,
  target: string,
  changes: LimitChanges,
  json: boolean,
): Promise<ExitCode> {
  if (Object.keys(changes).length === 0) {
    throw new InvalidInput('Nothing to change: give at least one limit. See: vachan set-limits --help');
  }
  const mismatch = describeLimitMismatch(LIMIT_BOUNDS, changes);
  if (mismatch !== undefined) throw new InvalidInput(mismatch);
  return withRun(context, target, async (runs, workflowId) => {
    const limits = await runs.setLimits(workflowId, changes);
    if (json) context.terminal.out(JSON.stringify({ workflow_id: workflowId, limits }));
    else {
      const pairs = Object.entries(limits).map(([name, value]) => [name, String(value ?? 'none')] as const);
      context.terminal.out(pairLines(pairs).join('\n'));
    }
    return EXIT.ok;
  });
}

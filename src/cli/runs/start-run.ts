import type { z } from 'zod';
import type { RunTitle } from '../../pipelines/recordings/contract/run-titles.js';
import { describeMismatch } from '../../contract/mismatch.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import { InvalidInput } from '../../platform/errors.js';
import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { followRun, type FollowEnd } from './follow-run.js';
import { createRunProgress } from './run-progress.js';
import { summaryLines } from './run-summary.js';
import type { Terminal } from '../../commands/terminal/terminal.js';
import type { Runs, StartedRun } from '../../temporal/runs/runs.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { pick } from '../../platform/config/settings-table.js';

export interface WaitOptions {
  detach?: boolean;
  failExisting?: boolean;
  json?: boolean;
}

export interface RunRequest {
  workflowType: string;
  workflowId: string;
  /** How the person names the run: in hints, `2025-12-20` reads better than the workflow id. */
  target: string;
  schema: z.ZodType;
  input: Record<string, unknown>;
  title: RunTitle;
}

/** Starts a run, or joins the one of its id that is under way, and waits for its end unless told not to. */
export async function startRun(
  context: CliContext,
  { workflowType, workflowId, target, schema, input, title }: RunRequest,
  options: WaitOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const mismatch = describeMismatch(schema, input);
  if (mismatch !== undefined) throw new InvalidInput(mismatch);
  const { TASK_QUEUE: taskQueue } = loadSettings(
    context.readEnvironment(),
    pick(BASE_SETTINGS, 'TASK_QUEUE'),
  );

  const runs = await context.connectRuns();
  try {
    const started = await runs.start({ workflowType, workflowId, taskQueue, input, title });
    if (!started.started && options.failExisting === true) {
      throw new InvalidInput(`${workflowId} is running already (run ${started.runId}).`);
    }
    terminal.err(greeting(workflowId, started, input, options.detach === true));
    if (options.detach === true) {
      if (options.json === true) {
        terminal.out(
          JSON.stringify({ workflow_id: workflowId, run_id: started.runId, started: started.started }),
        );
      } else terminal.err(hint(target));
      return EXIT.ok;
    }
    const followed = await follow(context, runs, workflowId);
    if (followed === 'detached') {
      terminal.err(`Left ${workflowId}, which goes on. ${hint(target)}`);
      return EXIT.detached;
    }
    return tellEnd(terminal, followed, options.json === true);
  } finally {
    await runs.close();
  }
}

function greeting(
  workflowId: string,
  { started, runId }: StartedRun,
  input: Record<string, unknown>,
  detach: boolean,
): string {
  if (started) return `Started ${workflowId} (run ${runId}).`;
  const ignored = Object.keys(input).filter((name) => name !== 'test_date' && input[name] !== undefined);
  const known = `${workflowId} is running already (run ${runId})${detach ? '' : '; joining it'}.`;
  return ignored.length === 0
    ? known
    : `${known} It keeps what it was started with: ${ignored.join(', ')} had no effect.`;
}

const hint = (target: string): string => `See how far it is: vachan status ${target}`;

async function follow(context: CliContext, runs: Runs, workflowId: string): Promise<FollowEnd> {
  const leaving = new AbortController();
  const stopListening = context.onInterrupt(() => leaving.abort());
  const progress = createRunProgress(context.terminal, context.now);
  try {
    const { now, sleep } = context;
    return await followRun({ runs, workflowId, progress, signal: leaving.signal, now, sleep });
  } finally {
    stopListening();
    progress.stop();
  }
}

export function tellEnd(
  terminal: Terminal,
  { description, end }: Exclude<FollowEnd, 'detached'>,
  json: boolean,
): ExitCode {
  const { workflow_id: workflowId, run_id: runId } = description;
  if ('failure' in end) {
    if (json) terminal.out(JSON.stringify({ ...description, failure: end.failure }));
    terminal.err(`vachan: ${workflowId} ${end.state}: ${end.failure}`);
    return EXIT.failed;
  }
  const { summary } = end;
  if (json) terminal.out(JSON.stringify({ workflow_id: workflowId, run_id: runId, ...summary }));
  else terminal.out(summaryLines(description, summary).join('\n'));
  return summary.status === 'completed' ? EXIT.ok : EXIT.stopped;
}

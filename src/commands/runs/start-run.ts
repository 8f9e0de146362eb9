import type { z } from 'zod';
import { describeMismatch } from '../../contract/mismatch.js';
import { loadSettings } from '../../platform/config/load-settings.js';
import { InvalidInput } from '../../platform/errors.js';
import { CommandMisused } from '../command-misused.js';
import { EXIT, type CliContext, type ExitCode } from '../context.js';
import { followRun, type FollowEnd, type FollowOptions } from './follow-run.js';
import { createRunProgress } from './run-progress.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { pick } from '../../platform/config/settings-table.js';
import { runLines } from './run-lines.js';
import type { RunView } from './run-view.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunDescription, Runs, RunSummary, RunTitle, StartedRun } from '../../temporal/runs/runs.js';

export interface WaitOptions {
  detach?: boolean;
  failExisting?: boolean;
  json?: boolean;
}

export interface RunRequest {
  workflowType: string;
  workflowId: string;
  /** Where the pipeline's orchestrators listen, of an installation whose `TASK_QUEUE` this is. */
  taskQueue: (base: string) => string;
  /** How the person names the run: in hints, `2025-12-20` reads better than the workflow id. */
  target: string;
  schema: z.ZodType;
  input: Record<string, unknown>;
  /** Fields of the input that the workflow id is made of. */
  namedBy: readonly string[];
  title: RunTitle;
  view: (summary: RunSummary) => RunView;
}

/** Starts a run, or joins the one of its id that is under way, and waits for its end unless told not to. */
export async function startRun(
  context: CliContext,
  { workflowType, workflowId, taskQueue, target, schema, input, namedBy, title, view }: RunRequest,
  options: WaitOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const mismatch = describeMismatch(schema, input);
  if (mismatch !== undefined) throw new CommandMisused(mismatch);
  const { TASK_QUEUE: base } = loadSettings(context.readEnvironment(), pick(BASE_SETTINGS, 'TASK_QUEUE'));

  const runs = await context.connectRuns();
  try {
    const started = await runs.start({ workflowType, workflowId, taskQueue: taskQueue(base), input, title });
    if (!started.started && options.failExisting === true) {
      throw new InvalidInput(`${workflowId} is running already (run ${started.runId}).`);
    }
    const given = Object.keys(input).filter((name) => input[name] !== undefined && !namedBy.includes(name));
    terminal.err(greeting(workflowId, started, given, options.detach === true));
    if (options.detach === true) {
      if (options.json === true) {
        terminal.out(
          JSON.stringify({ workflow_id: workflowId, run_id: started.runId, started: started.started }),
        );
      } else terminal.err(hint(target));
      return EXIT.ok;
    }
    const viewOf = (_: RunDescription, summary: RunSummary): RunView => view(summary);
    const followed = await follow(context, runs, workflowId, viewOf);
    if (followed === 'detached') {
      terminal.err(`Left ${workflowId}, which goes on. ${hint(target)}`);
      return EXIT.detached;
    }
    return tellEnd(terminal, followed, viewOf, options.json === true);
  } finally {
    await runs.close();
  }
}

function greeting(
  workflowId: string,
  { started, runId }: StartedRun,
  given: readonly string[],
  detach: boolean,
): string {
  if (started) return `Started ${workflowId} (run ${runId}).`;
  const known = `${workflowId} is running already (run ${runId})${detach ? '' : '; joining it'}.`;
  return given.length === 0
    ? known
    : `${known} It keeps what it was started with: ${given.join(', ')} had no effect.`;
}

const hint = (target: string): string => `See how far it is: vachan status ${target}`;

async function follow(
  context: CliContext,
  runs: Runs,
  workflowId: string,
  viewOf: FollowOptions['viewOf'],
): Promise<FollowEnd> {
  const leaving = new AbortController();
  const stopListening = context.onInterrupt(() => leaving.abort());
  const progress = createRunProgress(context.terminal, context.now);
  try {
    const { now, sleep } = context;
    return await followRun({ runs, workflowId, viewOf, progress, signal: leaving.signal, now, sleep });
  } finally {
    stopListening();
    progress.stop();
  }
}

export function tellEnd(
  terminal: Terminal,
  { description, end }: Exclude<FollowEnd, 'detached'>,
  viewOf: FollowOptions['viewOf'],
  json: boolean,
): ExitCode {
  const { workflow_id: workflowId, run_id: runId } = description;
  if ('failure' in end) {
    if (json) terminal.out(JSON.stringify({ ...description, failure: end.failure }));
    terminal.err(`vachan: ${workflowId} ${end.state}: ${end.failure}`);
    return EXIT.failed;
  }
  const { summary } = end;
  const view = viewOf(description, summary);
  if (json || view === undefined) {
    terminal.out(JSON.stringify({ workflow_id: workflowId, run_id: runId, ...summary }));
  } else terminal.out(runLines(description, view).join('\n'));
  return view === undefined || view.completed ? EXIT.ok : EXIT.stopped;
}

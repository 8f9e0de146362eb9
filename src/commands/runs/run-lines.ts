import { byFrequency } from '../../contract/reason-counts.js';
import type { RetriedStep, RunDescription } from '../../temporal/runs/runs.js';
import { pad, pairLines } from '../terminal/table.js';
import { count, durationText } from '../words.js';
import type { Row, RunView } from './run-view.js';

/** A run's numbers as lines for a person. */
export function runLines(
  description: RunDescription,
  view: RunView,
  retried: readonly RetriedStep[] = [],
): string[] {
  const running = description.state === 'running';
  const seconds = elapsedSeconds(description);
  return pairLines([
    ['Run', description.workflow_id],
    ['Status', statusText(view, description, seconds)],
    ...heldUpRows(retried, running ? view : undefined),
    ...view.rows({ running, seconds }),
  ]);
}

/** Causes beyond these are seen in the Web UI; most outages have one. */
const MOST_HELD_UP = 5;

/** What keeps a running run from going on, for a person: who paused it, who is missing, what is tried again and why. */
export function heldUpRows(retried: readonly RetriedStep[], view?: RunView): Row[] {
  const lines = retried.slice(0, MOST_HELD_UP).map(heldUpText);
  const more = retried.length - lines.length;
  if (more > 0) lines.push(`and ${more} more, in the Web UI`);
  if (view?.status === 'paused') lines.unshift('paused by somebody: vachan resume lets it go on');
  if (view?.workers.alive === 0) {
    lines.unshift(`no ${view.workers.noun} is alive: start one; nothing is lost meanwhile`);
  }
  return lines.length === 0 ? [] : [['Held up', lines.join('\n')]];
}

export function heldUpText({ step, batches, attempt, error }: RetriedStep): string {
  return `${step}${batches === 0 ? '' : ` of ${batches} ${batches === 1 ? 'batch' : 'batches'}`}, try ${attempt}: ${error}`;
}

function statusText({ status, mode }: RunView, { state }: RunDescription, seconds: number): string {
  const own = state === 'running' || state === 'completed' ? status : state;
  const words = mode === undefined ? own : `${own} (${mode})`;
  return `${words}, ${state === 'running' ? 'for' : 'after'} ${durationText(seconds)}`;
}

export function outcomeRow(outcomes: RunView['outcomes']): Row {
  const names = Math.max(...outcomes.map(({ name }) => name.length));
  const digits = Math.max(...outcomes.map((outcome) => String(outcome.count).length));
  const lines = outcomes.map(
    ({ name, count: number }) => `${pad(name, names, 'left')}  ${pad(String(number), digits, 'right')}`,
  );
  return ['Outcomes', lines.join('\n')];
}

export function causeRows(causes: RunView['causes']): Row[] {
  const lines = byFrequency(causes).map(([cause, number]) => `${number} ${cause}`);
  return lines.length === 0 ? [] : [['Causes', lines.join('\n')]];
}

/** @param done units of work, within so many seconds */
export function rateRow(done: number, seconds: number): Row {
  const nothing = done === 0 || seconds < 1;
  return ['Rate', nothing ? 'nothing done yet' : `${((done / seconds) * 60).toFixed(1)} a minute`];
}

/** Those of `batches`, `batches_failed`, `hosts_lost` and lanes that there are. */
export function batchesRow(summary: {
  batches: number;
  batches_failed: number;
  hosts_lost: number;
  lanes: number;
}): Row {
  const { batches, batches_failed: failed, hosts_lost: lost, lanes } = summary;
  const parts = [`${batches} done`];
  if (lanes > 0) parts.push(`${lanes} under way`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (lost > 0) parts.push(`${count(lost, 'host')} lost`);
  return ['Batches', parts.join(', ')];
}

function elapsedSeconds({ started_at: from, closed_at: to }: RunDescription): number {
  return (Date.parse(to ?? new Date().toISOString()) - Date.parse(from)) / 1000;
}

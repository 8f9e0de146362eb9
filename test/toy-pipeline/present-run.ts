import { InvalidInput } from '#vachan/platform/errors.js';
import type { RunPresentation } from '#vachan/commands/runs/run-view.js';
import { numberWorkflowId, WORKFLOW_TYPES, type NumberSummary } from './contract.js';

/** How a number's run is shown by `status`, `watch` and the rest, and what names it on a command line. */
export function toyRuns(pipeline: string): RunPresentation {
  return {
    workflowTypes: [WORKFLOW_TYPES.number],
    targets: [{ name: 'number', about: `${pipeline}=<number>` }],
    exampleTargets: [numberWorkflowId(pipeline, 7), `${pipeline}=7`],
    // Others may have to load settings for it.
    workflowIdOf: (target) => Promise.resolve(workflowIdOf(pipeline, target)),
    view(summary) {
      const { status, number, square, started_at: startedAt } = summary as NumberSummary;
      const done = status === 'completed' ? 1 : 0;
      return {
        status,
        startedAt,
        completed: status === 'completed',
        done,
        work: { found: 1, all: true },
        failedAttempts: 0,
        lanes: 1 - done,
        workers: { noun: 'orchestrator', alive: undefined },
        outcomes: [{ name: 'squared', count: done, failed: false }],
        causes: undefined,
        rows: () => [
          ['Number', String(number)],
          ['Square', square === null ? 'not yet' : String(square)],
        ],
        liveRows: () => [],
      };
    },
  };
}

function workflowIdOf(pipeline: string, target: string): string | undefined {
  const [name, number, ...more] = target.split('=');
  if (name !== pipeline || number === undefined) return undefined;
  if (!/^\d+$/.test(number) || more.length > 0) {
    throw new InvalidInput(`${target} names no number, such as ${pipeline}=7.`);
  }
  return numberWorkflowId(pipeline, Number(number));
}

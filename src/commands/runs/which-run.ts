import type { RunPresentation, RunView } from './run-view.js';
import type { Environment } from '../../platform/config/environment.js';
import type { RunDescription, RunSummary } from '../../temporal/runs/runs.js';

/**
 * The id of the run that a person means: what a pipeline makes of it, or the id itself.
 *
 * @throws InvalidInput for what almost names a run
 */
export async function workflowIdOf(
  runs: readonly RunPresentation[],
  target: string,
  environment: Environment,
): Promise<string> {
  for (const { workflowIdOf: idOf } of runs) {
    const id = await idOf(target, environment);
    if (id !== undefined) return id;
  }
  return target;
}

/** Views of runs by their pipelines; undefined for a run of none. */
export function viewRunBy(
  runs: readonly RunPresentation[],
): (description: RunDescription, summary: RunSummary) => RunView | undefined {
  return ({ workflow_type: type }, summary) =>
    runs.find(({ workflowTypes }) => workflowTypes.includes(type))?.view(summary);
}

import type { RunDescription, UnansweredStatus } from './runs.js';

/** Why a running run does not say where it stands, and what to do, in a sentence or two for a person. */
export function explainMissingStatus(
  answer: UnansweredStatus,
  { task_queue: taskQueue }: Pick<RunDescription, 'task_queue'>,
): string {
  if (answer.kind === 'not_ready') return 'It has no status to show, or not yet.';
  if (answer.kind === 'stuck') {
    return (
      'Its last step failed in a worker, or took too long, and is tried again. If that lasts, the logs of the orchestrators say why; ' +
      'TMPRL1100 there means a build that decides otherwise than the one before: start that one (docs/changing-workflows.md).'
    );
  }
  const [build] = answer.builds;
  if (build === undefined)
    return `No worker answers on its task queue ${taskQueue}. Start one: npm run worker`;
  const { deploymentName, buildId } = build;
  const ids = answer.builds.map((one) => one.buildId).join(', ');
  return (
    `No worker that may take it answers on its task queue ${taskQueue}. Build ${ids} listens there, and gets nothing before it is made current: ` +
    `temporal worker deployment set-current-version --deployment-name ${deploymentName} --build-id ${buildId}`
  );
}

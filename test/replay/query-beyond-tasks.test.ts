import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/stack/folders.js';

const history = join(__dirname, 'histories', '0.1.0-limits', 'discoveryWorkflow.5.json');
const { events } = JSON.parse(readFileSync(history, 'utf8')) as { events: { eventType: string }[] };

/** Of the events until the second workflow task of the run has begun: what led to it, and its start. */
const isStart = ({ eventType }: { eventType: string }): boolean =>
  eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED';
const secondTask = events.findIndex((event, at) => isStart(event) && events.slice(0, at).some(isStart));

function ask(eventCount: number): unknown {
  const bundle = join(projectRoot(), 'dist', 'workflow-bundle.js');
  const script = join(__dirname, 'query-beyond-tasks.cjs');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [script, bundle, history, String(eventCount)],
    { cwd: projectRoot(), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Holds what `workflows/shared/state-of-tasks.ts` takes the SDK to do: a newer one that does otherwise fails here. */
describe('a worker that does not know a run is asked a query', () => {
  test('when the history has gone beyond the last task: it answers, and makes the state anew for the next task', () => {
    expect(ask(secondTask)).toEqual({
      query: 'taken',
      task: expect.stringContaining('made to answer a query') as string,
    });
  });

  test('when the last event is the start of a task: it answers, and takes the next one', () => {
    expect(ask(secondTask + 1)).toEqual({ query: 'taken', task: 'taken' });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { projectRoot } from '../../tools/stack/folders.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

const bundle = readFileSync(join(projectRoot(), 'dist', 'workflow-bundle.js'), 'utf8');
const changes = join(__dirname, 'changes');

function replay(file: string, code: string): Promise<void> {
  const history = historyFromJSON(JSON.parse(readFileSync(join(changes, file), 'utf8')));
  return Worker.runReplayHistory({ workflowBundle: { code } }, history);
}

/** The workflows as somebody would have changed them who did not think of the runs under way. */
function without(patch: string): string {
  const call = new RegExp(`\\(0, workflow_1\\.patched\\)\\(${patch}\\)`);
  expect(bundle).toMatch(call);
  return bundle.replace(call, 'true');
}

/**
 * The worked example of docs/changing-workflows.md: `lost-host-frees-its-lane/before.json` is a run that lost a host before the change
 * and paused for it; `after.json` one that went on at once, and says so with a marker.
 *
 * `export-jobs-are-drained/before.json` is a job that was told `drain` before it knew the word, and sent all of its tasks; `after.json` one
 * that ended with those that were out.
 */
describe.each([
  ['lost-host-frees-its-lane', 'LOST_HOST_FREES_ITS_LANE'],
  ['export-jobs-are-drained', 'EXPORT_JOBS_ARE_DRAINED'],
])('a change of the workflows that runs under way must survive: %s', (change, patch) => {
  test('a run from before it is replayed as it happened', async () => {
    await expect(replay(join(change, 'before.json'), bundle)).resolves.toBeUndefined();
  });

  test('a run from after it is replayed as it happened', async () => {
    await expect(replay(join(change, 'after.json'), bundle)).resolves.toBeUndefined();
  });

  test('made without a patch it is caught: a run from before it would hang', async () => {
    const replayed = replay(join(change, 'before.json'), without(patch));
    await expect(replayed).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});

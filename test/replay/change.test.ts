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
const change = join(__dirname, 'changes', 'lost-host-frees-its-lane');

function replay(file: string, code: string): Promise<void> {
  const history = historyFromJSON(JSON.parse(readFileSync(join(change, file), 'utf8')));
  return Worker.runReplayHistory({ workflowBundle: { code } }, history);
}

/** The workflows as somebody would have changed them who did not think of the runs under way. */
function withoutPatch(): string {
  const patch = /\(0, workflow_1\.patched\)\(LOST_HOST_FREES_ITS_LANE\)/;
  expect(bundle).toMatch(patch);
  return bundle.replace(patch, 'true');
}

/**
 * The worked example of docs/changing-workflows.md. `before.json` is a run that lost a host before the change and paused for it;
 * `after.json` one that went on at once, and says so with a marker.
 */
describe('a change of the workflows that runs under way must survive', () => {
  test('a run from before it is replayed as it happened', async () => {
    await expect(replay('before.json', bundle)).resolves.toBeUndefined();
  });

  test('a run from after it is replayed as it happened', async () => {
    await expect(replay('after.json', bundle)).resolves.toBeUndefined();
  });

  test('made without a patch it is caught: a run from before it would hang', async () => {
    await expect(replay('before.json', withoutPatch())).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});

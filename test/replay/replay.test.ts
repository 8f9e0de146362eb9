import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { projectRoot } from '../../tools/stack/folders.js';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

const bundle = (name: string): { codePath: string } => ({ codePath: join(projectRoot(), 'dist', name) });
const workflowBundle = bundle('workflow-bundle.js');
/** With the interceptors that make spans: a run may go on in a worker that traces after one that did not. */
const tracedBundle = bundle('workflow-bundle.traced.js');
const noSpans = { exporter: { export: { fn: () => undefined } } };
const histories = join(__dirname, 'histories');

/** A history, and the id that its workflow had: tasks of exports hold their input against it. */
function read(version: string, file: string): { history: History; workflowId: string } {
  const history = historyFromJSON(JSON.parse(readFileSync(join(histories, version, file), 'utf8')));
  return { history, workflowId: history.events![0]!.workflowExecutionStartedEventAttributes!.workflowId! };
}
type History = ReturnType<typeof historyFromJSON>;

const RECORDINGS = ['discoveryWorkflow', 'inferenceWorkflow', 'ingestWorkflow', 'nightlyWorkflow'];
const EXPORTS = [
  'exportDeadLetterSweepWorkflow',
  'exportJobWorkflow',
  'exportTaskWorkflow',
  'exportUploadSweepWorkflow',
];
/** Those that tell the world, and a job of exports that starts one. */
const EVENTS = ['exportEventWorkflow', 'exportJobWorkflow', 'interviewWorkflow'];
const INTERVIEWS = ['interviewJobWorkflow', 'interviewSweepWorkflow', 'interviewWorkflow'];
const KINDS = (version: string): string[] => {
  if (version.endsWith('-exports')) return EXPORTS;
  if (version.endsWith('-events')) return EVENTS;
  return version.endsWith('-interviews') ? INTERVIEWS : RECORDINGS;
};

/**
 * Runs that are open while a new version is deployed go on with their old histories: a workflow that decides
 * otherwise than its history says would hang them. Histories are recorded by `npm run record-histories`; those of lost interviews
 * are of `npm run chaos -- interviews`: jobs whose processes died, and that were tried again, completed by their stored result, or superseded.
 */
describe.each(readdirSync(histories))('histories of version %s', (version) => {
  const files = readdirSync(join(histories, version)).filter((file) => file.endsWith('.json'));

  test('every kind of workflow is among them', () => {
    const kinds = new Set(files.map((file) => file.split('.')[0]));
    expect([...kinds].sort()).toEqual(KINDS(version));
  });

  test.each(files)('%s is replayed without a different decision', async (file) => {
    const { history, workflowId } = read(version, file);
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).resolves.toBeUndefined();
  });

  test.each(files)('%s is replayed without a different decision where spans are made', async (file) => {
    const { history, workflowId } = read(version, file);
    await expect(
      Worker.runReplayHistory({ workflowBundle: tracedBundle, sinks: noSpans }, history, workflowId),
    ).resolves.toBeUndefined();
  });
});

test('the bundle for encrypted payloads decides as the plain one did, so that encryption can be switched on at any time', async () => {
  const encrypted = { codePath: join(projectRoot(), 'dist', 'workflow-bundle.encrypted.js') };
  for (const version of readdirSync(histories)) {
    const first = readdirSync(join(histories, version)).filter((file) => file.endsWith('.1.json'));
    expect(first.length).toBeGreaterThan(0);
    for (const file of first) {
      const { history, workflowId } = read(version, file);
      await Worker.runReplayHistory({ workflowBundle: encrypted }, history, workflowId);
    }
  }
});

test('a history that the workflows would not have written is refused', async () => {
  const [version = ''] = readdirSync(histories);
  const texts = readdirSync(join(histories, version)).map((file) =>
    readFileSync(join(histories, version, file), 'utf8'),
  );
  const text = texts.find((candidate) => candidate.includes('"screenBatch"')) ?? '';
  const altered = text.replaceAll('"screenBatch"', '"scrambleBatch"');
  expect(altered).not.toBe(text);
  await expect(
    Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(altered))),
  ).rejects.toBeInstanceOf(DeterminismViolationError);
});

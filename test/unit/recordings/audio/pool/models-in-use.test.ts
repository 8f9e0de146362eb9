import type { TaskEnd } from '../../../../../src/platform/children/member-process.js';
import {
  withModels,
  type ModelsInUse,
} from '../../../../../src/pipelines/recordings/audio/pool/models-in-use.js';
import type {
  AudioMember,
  MemberTask,
  TaskResult,
} from '../../../../../src/pipelines/recordings/audio/pool/protocol.js';
import {
  readModelFiles,
  type ModelFiles,
} from '../../../../../src/pipelines/recordings/model/model-files.js';
import { makeModelFolder, removeModelFolders } from '../../model/model-folder.js';

afterAll(removeModelFolders);

const DONE: TaskEnd<TaskResult> = { kind: 'done', result: [] };
const score = (by: 'model' | 'shadow'): MemberTask => ({ kind: 'score', rows: [], by });
const version = (number: string): Promise<ModelFiles> =>
  readModelFiles(makeModelFolder({ manifest: { version: number } }));

/** A member that notes its tasks; the test may say how one ends. */
function noting(ends: (task: MemberTask) => TaskEnd<TaskResult> = () => DONE) {
  const ran: string[] = [];
  const member: AudioMember = {
    pid: 1,
    ready: Promise.resolve({ decoder: 'none', kernels: { kind: 'wasm' } }),
    gone: new Promise(() => undefined),
    run: (task) => {
      ran.push(task.kind === 'load' ? `load ${task.by} ${task.files.manifest.version}` : task.kind);
      return Promise.resolve(ends(task));
    },
    rssBytes: () => 0,
    kill: () => undefined,
  };
  return { member, ran };
}

test('a member loads a new version before the first batch after it came into use, and once', async () => {
  const first = await version('1');
  const inUse: ModelsInUse = { model: first, shadow: undefined };
  const { member, ran } = noting();
  const modelled = withModels(member, { ...inUse }, inUse, 1_000);
  await modelled.run(score('model'), 1_000);
  inUse.model = await version('2');
  await modelled.run({ kind: 'extract', path: 'x', removes: false }, 1_000);
  await modelled.run(score('model'), 1_000);
  await modelled.run(score('model'), 1_000);
  expect(ran).toEqual(['score', 'extract', 'load model 2', 'score', 'score']);
});

test('the shadow is followed apart from the model that decides', async () => {
  const inUse: ModelsInUse = { model: await version('1'), shadow: await version('7') };
  const { member, ran } = noting();
  const modelled = withModels(member, { ...inUse }, inUse, 1_000);
  inUse.shadow = await version('8');
  await modelled.run(score('model'), 1_000);
  await modelled.run(score('shadow'), 1_000);
  expect(ran).toEqual(['score', 'load shadow 8', 'score']);
});

test('a batch is not scored by the old version when the new one does not load, and the next batch tries again', async () => {
  const inUse: ModelsInUse = { model: await version('1'), shadow: undefined };
  const lost: TaskEnd<TaskResult> = { kind: 'lost', reason: 'killed by SIGKILL' };
  let loads = 0;
  const { member, ran } = noting((task) => (task.kind === 'load' && ++loads === 1 ? lost : DONE));
  const modelled = withModels(member, { ...inUse }, inUse, 1_000);
  inUse.model = await version('2');
  expect(await modelled.run(score('model'), 1_000)).toBe(lost);
  expect(await modelled.run(score('model'), 1_000)).toBe(DONE);
  expect(ran).toEqual(['load model 2', 'load model 2', 'score']);
});

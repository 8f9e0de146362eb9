import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFiles, type ModelFiles } from '../../../../src/pipelines/recordings/model/model-files.js';
import { watchModel, type ModelWatch } from '../../../../src/pipelines/recordings/model/watch-model.js';
import { ModelInvalid } from '../../../../src/platform/model-folder.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { until } from '../../../until.js';
import { makeModelFolder, removeModelFolders } from './model-folder.js';

/** Two looks that agree are needed, so this is half of what a test waits. */
const LOOK_MS = 5;

const watches: ModelWatch[] = [];
afterEach(() => watches.splice(0).forEach((watch) => watch.close()));
afterAll(removeModelFolders);

const version = (number: string, more = {}): string =>
  makeModelFolder({ manifest: { version: number, ...more } });

/** What a deployment does that is not careful: one file after another, the manifest first. */
function copyModel(
  from: string,
  to: string,
  files = ['manifest.json', 'scaler.onnx', 'detector.onnx'],
): void {
  for (const file of files) copyFileSync(join(from, file), join(to, file));
}

/** Watches a folder, adopting what may be adopted. */
async function watching(folder: string, refuse: (files: ModelFiles) => Error | undefined = () => undefined) {
  const adopted: string[] = [];
  const refused: string[] = [];
  let current = await readModelFiles(folder);
  watches.push(
    watchModel({
      folder,
      everyMs: LOOK_MS,
      current: () => current,
      adopt: (files) => {
        const error = refuse(files);
        if (error) return Promise.reject(error);
        current = files;
        adopted.push(files.manifest.version);
        return Promise.resolve();
      },
      onRefused: (reason) => refused.push(reason),
    }),
  );
  return { adopted, refused };
}

test('a new version in the folder is adopted', async () => {
  const folder = version('1');
  const { adopted, refused } = await watching(folder);
  copyModel(version('2'), folder);
  await until(() => adopted.length > 0);
  expect({ adopted, refused }).toEqual({ adopted: ['2'], refused: [] });
});

test('a folder that is a symbolic link is followed when the link is switched, forth and back', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'vachan-link-'));
  const link = join(parent, 'current');
  const [first, second] = [version('1'), version('2')];
  const point = (target: string): void => {
    symlinkSync(target, `${link}.new`);
    renameSync(`${link}.new`, link);
  };
  point(first);
  const { adopted } = await watching(link);
  point(second);
  await until(() => adopted.length === 1);
  point(first);
  await until(() => adopted.length === 2);
  expect(adopted).toEqual(['2', '1']);
  rmSync(parent, { recursive: true });
});

test('a model that is half copied is refused once, and adopted when the rest has come', async () => {
  const folder = version('1');
  const { adopted, refused } = await watching(folder);
  const next = makeModelFolder({ detector: 'detector-float32', manifest: { version: '2' } });
  copyModel(next, folder, ['manifest.json']);
  await until(() => refused.length > 0);
  copyModel(next, folder, ['detector.onnx']);
  await until(() => adopted.length > 0);
  expect(refused).toEqual([expect.stringMatching(/detector\.onnx has SHA-256/)]);
  expect(adopted).toEqual(['2']);
});

test.each([
  ['is no JSON', '{', /is not JSON/],
  ['lacks what it must have', '{}', /is not valid: schema_version/],
])(
  'a manifest that %s is refused with one word for each state of the folder',
  async (_what, text, reason) => {
    const folder = version('1');
    const { adopted, refused } = await watching(folder);
    writeFileSync(join(folder, 'manifest.json'), text);
    await until(() => refused.length > 0);
    copyModel(version('2'), folder);
    await until(() => adopted.length > 0);
    expect(refused).toEqual([expect.stringMatching(reason)]);
  },
);

test('a folder that vanishes is told of, and the model goes on', async () => {
  const folder = version('1');
  const { adopted, refused } = await watching(folder);
  rmSync(folder, { recursive: true });
  await until(() => refused.length > 0);
  expect(refused).toEqual([expect.stringMatching(/manifest .* cannot be read/)]);
  mkdirSync(folder);
  copyModel(version('3'), folder);
  await until(() => adopted.length > 0);
});

test('another model under the name and version in use is refused, since results could not tell them apart', async () => {
  const folder = version('1');
  const { refused, adopted } = await watching(folder);
  copyModel(version('1', { threshold: 5 }), folder);
  await until(() => refused.length > 0);
  expect(refused).toEqual([expect.stringMatching(/test-model 1.*needs a version of its own/)]);
  expect(adopted).toEqual([]);
});

test('a model that the pool finds unusable is refused once; a pool that could not say is asked again', async () => {
  const folder = version('1');
  const answers = [new DependencyUnavailable('no member'), new ModelInvalid('has another width')];
  const { adopted, refused } = await watching(folder, () => answers.shift());
  copyModel(version('2'), folder);
  await until(() => refused.length > 0);
  expect(refused).toEqual(['has another width']);
  copyModel(version('3'), folder);
  await until(() => adopted.length > 0);
  expect(adopted).toEqual(['3']);
});

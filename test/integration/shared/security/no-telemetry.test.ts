import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#tools/stack/folders.js';
import { freshFolder } from '../../embedded-stack.js';

const script = (door: string): string => `
  const { InferenceSession } = require(${JSON.stringify(door)});
  InferenceSession.create('models/silero-vad/network.onnx').then(({ inputNames }) => console.log(inputNames.length));`;

const filesLeftBy = (door: string): { stdout: string; files: string[] } => {
  const home = freshFolder();
  const { stdout } = spawnSync(process.execPath, ['-e', script(door)], {
    cwd: projectRoot(),
    env: { PATH: process.env['PATH'], HOME: home },
    encoding: 'utf8',
  });
  return { stdout, files: readdirSync(home, { recursive: true }).map(String) };
};

test('onnxruntime keeps no record of its use for its maker', () => {
  expect(filesLeftBy(join(projectRoot(), 'dist/platform/onnx-runtime.js'))).toEqual({
    stdout: '3\n',
    files: [],
  });
});

test('it would keep one if it were not told', () => {
  // Where this fails the library has changed its ways: look at them before trusting the test above.
  expect(filesLeftBy('onnxruntime-node').files.join()).toContain('onnxruntime');
});

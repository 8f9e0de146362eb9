import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFeatureKernel } from '../../../../../src/pipelines/recordings/audio/features/kernel/feature-kernel.js';
import {
  kernelsInUse,
  openNativeKernels,
} from '../../../../../src/pipelines/recordings/audio/native/native-kernels.js';
import { builtKernels } from './built-kernels.js';

const { folder, path: built, compiled, choice } = builtKernels();

(choice.native ? test : test.skip)('a file that was cut is refused before it is loaded', () => {
  const cut = join(folder, 'cut.node');
  const bytes = readFileSync(built);
  writeFileSync(cut, bytes);
  writeFileSync(`${cut}.sha256`, readFileSync(`${built}.sha256`));
  truncateSync(cut, bytes.length / 2);
  expect(openNativeKernels(cut)).toEqual({
    refused: `${cut}: its bytes are not those that were built`,
  });
});

test('the add-on is made where a compiler and the headers are, and elsewhere the reason is said', () => {
  const { status, stdout, stderr } = compiled;
  const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).status === 0;
  const hasHeaders = existsSync(join(process.execPath, '..', '..', 'include', 'node', 'node_api.h'));
  const isWanted = process.env['VACHAN_NATIVE_KERNELS'] !== 'no';
  const isForHere = process.platform === 'linux' && process.arch === 'x64';
  const isPossible = isWanted && isForHere && hasCompiler && hasHeaders;
  expect({ status, stderr }).toEqual({ status: isPossible ? 0 : 1, stderr: '' });
  expect(stdout).toMatch(isPossible ? /^Native kernels: / : /^No native kernels: \S/);
});

test('without an add-on WebAssembly computes everything, and nobody is told', () => {
  const none = openNativeKernels(join(folder, 'none.node'));
  expect(none).toEqual({});
  expect(kernelsInUse(none)).toEqual({ kind: 'wasm' });
});

test('a file that is no add-on is refused by name, and WebAssembly computes everything', () => {
  const foreign = join(folder, 'foreign.node');
  const text = 'not a program';
  writeFileSync(foreign, text);
  writeFileSync(`${foreign}.sha256`, createHash('sha256').update(text).digest('hex'));
  const refused = openNativeKernels(foreign);
  expect(kernelsInUse(refused)).toEqual({
    kind: 'wasm',
    refused: expect.stringContaining(foreign) as string,
  });
  const { kernel, memory } = createFeatureKernel(refused);
  const power = memory.keep(Float32Array.of(1, 10, 100, 1_000));
  kernel.toDecibels(power, 4);
  expect([...memory.floats(power, 4)]).toEqual([0, 10, 20, 30]);
});

test('a hash without its file is refused', () => {
  const lost = join(folder, 'lost.node');
  writeFileSync(`${lost}.sha256`, 'abc');
  expect(openNativeKernels(lost).refused).toContain('ENOENT');
});

import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openNativeKernels,
  type KernelChoice,
} from '../../../../../src/pipelines/recordings/audio/native/native-kernels.js';

const root = join(__dirname, '..', '..', '..', '..', '..');

/** The add-on of these sources, in a folder that goes with the test file, where it can be made at all. */
export function builtKernels(): {
  folder: string;
  path: string;
  compiled: SpawnSyncReturns<string>;
  choice: KernelChoice;
} {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-native-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'kernels.node');
  const script = join(root, 'scripts/build-native.mjs');
  const compiled = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  return { folder, path, compiled, choice: openNativeKernels(path) };
}

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFile } from '@swc/core';
import { bundleWorkflowCode } from '@temporalio/worker';
import { projectRoot } from '../../../../tools/stack/folders.js';

const sources = join(projectRoot(), 'test', 'toy-pipeline');

/** The toy as a build would have it: its files, and the bundle of its workflows. @returns the folder */
export async function buildToy(): Promise<string> {
  const folder = join(sources, 'dist');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const file of readdirSync(sources).filter((name) => name.endsWith('.ts'))) {
    const { code } = await transformFile(join(sources, file), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs', ignoreDynamic: false },
    });
    writeFileSync(join(folder, file.replace(/ts$/, 'js')), code);
  }
  const quiet = (): void => undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(folder, 'workflows.js'),
    logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: console.warn, error: console.error },
  });
  writeFileSync(join(folder, 'workflow-bundle.js'), code);
  return folder;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot } from '../../src/dev/stack/folders.js';
import type { ChaosReport } from '../../src/dev/chaos/report.js';
import { freshFolder } from '../integration/embedded-stack.js';

/** One line of compiled code, replaced: the mistake that a checker must notice. */
export interface Mutation {
  file: string;
  from: string;
  to: string;
}

export interface ChaosResult {
  exitCode: number | null;
  report: ChaosReport;
}

/** Runs `npm run chaos` on servers of its own. */
export async function runChaos(args: readonly string[]): Promise<ChaosResult> {
  const folder = freshFolder();
  const file = join(folder, 'report.json');
  const own = ['--json', file, '--folder', join(folder, 'run')];
  const child = spawn(process.execPath, ['dist/dev/chaos/main.js', ...own, ...args], {
    cwd: projectRoot(),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      VACHAN_CACHE_DIR: cacheFolder(process.env),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  try {
    return { exitCode, report: JSON.parse(readFileSync(file, 'utf8')) as ChaosReport };
  } catch (error) {
    throw new Error(`The run wrote no report:\n${said}`, { cause: error });
  }
}

/** The same with workers that were built with mistakes. */
export async function runMutated(
  mutations: readonly Mutation[],
  args: readonly string[],
): Promise<ChaosResult> {
  // Below the project, so that packages are found.
  const folder = mkdtempSync(join(projectRoot(), '.cache', 'mutant-'));
  try {
    const dist = join(folder, 'dist');
    cpSync(join(projectRoot(), 'dist'), dist, { recursive: true });
    symlinkSync(join(projectRoot(), 'models'), join(folder, 'models'));
    for (const { file, from, to } of mutations) {
      const path = join(dist, file);
      const code = readFileSync(path, 'utf8');
      if (code.split(from).length !== 2) throw new Error(`${file} holds this not exactly once: ${from}`);
      writeFileSync(
        path,
        code.replace(from, () => to),
      );
    }
    return await runChaos(['--dist', dist, ...args]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

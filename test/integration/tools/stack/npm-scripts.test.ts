import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot } from '../../../../tools/stack/folders.js';
import { freshFolder } from '../../embedded-stack.js';
import { createInstallation, endLeftInstallations } from '../../recordings/pipeline/installation.js';
import { until } from '../../../until.js';

/** A checkout of its own builds first, and its stack starts every server. */
jest.setTimeout(180_000);

const groups = new Set<number>();
afterAll(async () => {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // All of it has ended, as it should.
    }
  }
  await endLeftInstallations();
});

/** A compiled copy of the project, so that neither its dist/ nor its .stack.env is anybody else's. */
function checkout(): string {
  const folder = freshFolder();
  for (const entry of [
    'src',
    'tools',
    'dist',
    'scripts',
    'models',
    'samples',
    'package.json',
    'package-lock.json',
  ]) {
    cpSync(join(projectRoot(), entry), join(folder, entry), { recursive: true, preserveTimestamps: true });
  }
  for (const entry of ['tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(projectRoot(), entry), join(folder, entry));
  }
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Downloaded servers, but no data of another stack. */
function cacheOfServers(): string {
  const [shared, own] = [cacheFolder(process.env), join(freshFolder(), 'cache')];
  mkdirSync(own);
  for (const entry of readdirSync(shared)) {
    if (!/^(?:stack|bench|demo)/.test(entry)) symlinkSync(join(shared, entry), join(own, entry));
  }
  return own;
}

function npmRun(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): { npm: ChildProcess; said: () => string; ended: Promise<unknown[]> } {
  const { PATH = '', HOME = '' } = process.env;
  const npm = spawn('npm', ['run', '--silent', script], {
    ...{ cwd, env: { PATH, HOME, ...env } },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that what a failed test leaves can be ended.
    detached: true,
  });
  groups.add(npm.pid!);
  let output = '';
  npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { npm, said: () => output, ended: once(npm, 'exit') };
}

/** Waits for a word of the program; fails at once when it ends without it. */
async function saying(run: ReturnType<typeof npmRun>, word: string): Promise<void> {
  await until(() => run.said().includes(word) || run.npm.exitCode !== null || run.npm.signalCode !== null);
  expect(run.said()).toContain(word);
}

const processesNaming = (text: string): string[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text));

test('a build after files have moved makes what is missing and removes what is left', () => {
  const folder = checkout();
  const moved = join(folder, 'dist', 'workflows', 'index.js');
  const stale = join(folder, 'tools', 'dist', 'command-line.js');
  const left = ['dist', 'tools/dist'].map((dist) => join(folder, dist, 'left-over.js'));
  rmSync(moved);
  writeFileSync(stale, 'of another build');
  for (const path of left) writeFileSync(path, '');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(existsSync(moved)).toBe(true);
  expect(readFileSync(stale, 'utf8')).not.toBe('of another build');
  expect(left.filter((path) => existsSync(path))).toEqual([]);
});

describe('a SIGTERM to npm', () => {
  test('ends every process of npm run stack', async () => {
    const cache = cacheOfServers();
    const run = npmRun('stack', checkout(), { VACHAN_CACHE_DIR: cache });
    await saying(run, 'The stack is up');
    const data = join(cache, 'stack');
    expect(processesNaming(data)).not.toEqual([]);

    run.npm.kill('SIGTERM');
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).toContain('Stopped; no process is left.');
    expect(processesNaming(data)).toEqual([]);
    expect(existsSync(data)).toBe(false);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'has npm run worker drain and exit 0, as %s has',
    async (signal) => {
      const installation = await createInstallation();
      const folder = checkout();
      const run = npmRun('worker', folder, installation.env);
      await saying(run, '"worker_started"');
      run.npm.kill(signal);
      // A terminal sends Ctrl-C to npm and to the worker, and npm passes its own on.
      if (signal === 'SIGINT') run.npm.kill(signal);
      expect(await run.ended).toEqual([0, null]);
      expect(run.said()).toContain('"worker_draining"');
      expect(run.said()).toContain('"worker_stopped"');
      await installation.close();
    },
  );
});

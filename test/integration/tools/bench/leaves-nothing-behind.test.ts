import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { embeddedStack, freshDatabase, freshFolder } from '../../embedded-stack.js';
import { until } from '../../../until.js';

// A busy machine starts a process in seconds, and these start many.
jest.setTimeout(180_000);

const processesNaming = (text: string): string[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text));

/** A quick bench on the run's own servers, with a cache of its own and nowhere to find Python. */
function startBench(name: string): {
  bench: ChildProcess;
  ended: Promise<unknown[]>;
  pid: number;
  left: () => string[];
} {
  const cache = freshFolder();
  const { uri, database } = freshDatabase();
  const bench = spawn(process.execPath, [join(projectRoot(), 'bench', 'main.mjs'), name, '--quick'], {
    cwd: projectRoot(),
    env: {
      ...embeddedStack().env,
      ...{ MONGO_URI: uri, MONGO_DB_NAME: database, VACHAN_CACHE_DIR: cache, PATH: '/nowhere' },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const folder = join(cache, 'bench');
  return {
    bench,
    ended: once(bench, 'exit'),
    pid: bench.pid!,
    // Encoded clips are kept, for the next run.
    left: () => (existsSync(folder) ? readdirSync(folder).filter((entry) => entry !== 'clips') : []),
  };
}

describe('a bench', () => {
  test('leaves no folder behind when it ends', async () => {
    const { bench, ended, pid, left } = startBench('report');
    await until(() => left().length > 0 || bench.exitCode !== null);
    expect(left()).toEqual([`report-${pid}`]);
    expect(await ended).toEqual([0, null]);
    expect(left()).toEqual([]);
  });

  test.each([
    ['audio', 'SIGTERM', 143, 'audio'],
    ['dispatch', 'SIGINT', 130, 'bench'],
  ] as const)(
    '%s leaves neither folder nor process behind when %s ends it',
    async (name, signal, code, named) => {
      const { bench, ended, pid, left } = startBench(name);
      // What it starts bears its number.
      const started = (): string[] => processesNaming(`${named}-${pid}`);
      await until(() => started().length > 0 || bench.exitCode !== null);
      expect(left()).toEqual([`${name}-${pid}`]);
      bench.kill(signal);
      expect(await ended).toEqual([code, null]);
      expect(left()).toEqual([]);
      await until(() => started().length === 0);
    },
  );
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot } from '../../../../tools/stack/folders.js';
import type { ExportsSummary } from '../../../../tools/demo/exports/exports-report.js';
import type { DemoSummary } from '../../../../tools/demo/report.js';
import { freshFolder } from '../../embedded-stack.js';

/** A small run still waits for three deliveries of what cannot be read. */
const DEMO_TIMEOUT_MS = 300_000;
/** Longer than what the demo itself waits for. */
const EXPORTS_TIMEOUT_MS = 600_000;

/** A new cache would mean downloading the servers again; HOME and PATH are all that the demo needs besides. */
const environment = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  VACHAN_CACHE_DIR: cacheFolder(process.env),
};

function startDemo(args: string[]): ChildProcess {
  return spawn(process.execPath, ['tools/dist/demo/main.js', ...args], {
    cwd: projectRoot(),
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const processesOf = (demo: ChildProcess): string[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(`demo-${demo.pid}`));

describe('npm run demo', () => {
  test.each(['mongo', 'postgres'])(
    'scores a run from %s and finds every record where it belongs',
    async (source) => {
      const file = join(freshFolder(), 'summary.json');
      const demo = startDemo(['--records', '12', '--source', source, '--json', file]);
      demo.stdout?.resume();
      const [exitCode] = (await once(demo, 'exit')) as [number | null];
      const summary = JSON.parse(readFileSync(file, 'utf8')) as DemoSummary;
      expect(summary.differences).toEqual([]);
      expect(exitCode).toBe(0);
      const { outcomes } = summary;
      expect(outcomes.malformed).toBe(summary.seeded.malformed);
      expect(outcomes.failed_pre_inference).toBe(summary.dead_letters * 3);
      expect(summary.results_in_mongo).toBe(outcomes.completed + (summary.seeded.scored_before ?? 0));
      expect(processesOf(demo)).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  test(
    'processes thirty exports, and finds every object where the API and the table say',
    async () => {
      const file = join(freshFolder(), 'summary.json');
      const demo = startDemo(['exports', '--small-files', '40', '--json', file]);
      demo.stdout?.resume();
      const [exitCode] = (await once(demo, 'exit')) as [number | null];
      const summary = JSON.parse(readFileSync(file, 'utf8')) as ExportsSummary;
      expect(summary.differences).toEqual([]);
      expect(exitCode).toBe(0);
      expect(summary).toMatchObject({ jobs: 30, dead_letters: { jobs: 1, tasks: 1 } });
      expect(processesOf(demo)).toEqual([]);
    },
    EXPORTS_TIMEOUT_MS,
  );

  test(
    'ends its servers and worker when it is interrupted',
    async () => {
      const demo = startDemo(['--records', '12']);
      let said = '';
      demo.stdout?.setEncoding('utf8');
      for await (const text of demo.stdout ?? []) {
        said += String(text);
        if (said.includes('Seeded ')) break;
      }
      expect(processesOf(demo)).not.toEqual([]);
      const exited = once(demo, 'exit');
      demo.kill('SIGINT');
      expect(await exited).toEqual([130, null]);
      expect(processesOf(demo)).toEqual([]);
    },
    DEMO_TIMEOUT_MS,
  );

  test('says what --records takes', async () => {
    const demo = spawn(process.execPath, ['tools/dist/demo/main.js', '--records', '3'], {
      cwd: projectRoot(),
    });
    let said = '';
    demo.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await once(demo, 'close')).toEqual([2, null]);
    expect(said).toContain('a whole number, 12 or more');
  });
});

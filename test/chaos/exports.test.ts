import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExportsArena } from '../../tools/chaos/exports/exports-arena.js';
import { startExportsServers, type ExportsServers } from '../../tools/chaos/exports/exports-servers.js';
import { planChaosExports } from '../../tools/chaos/exports/plan-chaos-exports.js';
import { runExportsChaos } from '../../tools/chaos/exports/run-exports-chaos.js';
import { endRun, type Held } from '../../tools/chaos/under-fire.js';
import { reports } from '../../tools/exports/kinds/small-files.js';
import { job } from '../../tools/exports/seeded-job.js';
import { projectRoot } from '../../tools/stack/folders.js';

/** Lost processes are noticed within half a minute; machines may be busy with other things. */
const STORY_MS = 420_000;
/** A few of each kind that a process can die in the middle of, and none that takes long by itself. */
const KINDS = ['large_rivals', 'several_pages', 'archives', 'plain', 'second_source'];
const FEW = 8;

let folder: string;
let servers: ExportsServers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-chaos-exports-'));
  servers = await startExportsServers(folder, process.env);
}, STORY_MS);
afterAll(async () => {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}, STORY_MS);

test(
  'exports whose processes die at four named requests lose, double and orphan nothing, and get nothing wrong',
  async () => {
    const held: Held = {};
    const armed = ['job_started', 'page_listed', 'after_complete', 'before_settle'] as const;
    try {
      const report = await runExportsChaos(
        {
          ...{ records: 200, seed: 5, orchestrators: 2, workers: 2, maxReceiveCount: 20, settings: {} },
          jobs: planChaosExports({ records: 200, seed: 5 })
            .filter(({ kind }) => KINDS.includes(kind))
            .slice(0, FEW),
          // No fault that comes too late for its point: a process dies there the first time, as every run comes by.
          ...{ armed, kinds: [], points: [], minutes: 0, leastKills: 0, gapSeconds: 1 },
          ...{ distFolder: join(projectRoot(), 'dist'), folder, environment: process.env },
          ...{ command: '', log: () => undefined },
        },
        servers,
        held,
      );
      expect(report.complaints).toEqual({ lost: [], doubled: [], wrong: [], orphaned: [] });
      const hits = Object.entries(report.points).filter(([, times]) => times > 0);
      expect(Object.fromEntries(hits)).toEqual(Object.fromEntries(armed.map((point) => [point, 1])));
      expect(report.objects).toBeGreaterThan(10);
    } finally {
      await endRun(held);
    }
  },
  STORY_MS,
);

/** Orchestrators of which the first one idles, and the others end while they start. */
const BROKEN = `
  if (process.env.SCRATCH_PATH.includes('orchestrator-1')) {
    require('node:fs').writeFileSync(process.env.PID_FILE, String(process.pid));
  } else {
    process.stderr.write('no settings');
    process.exitCode = 1;
    process.stdin.destroy();
  }
`;

test(
  'an arena whose processes cannot start says so at once, and leaves none behind',
  async () => {
    const dist = join(folder, 'broken');
    mkdirSync(join(dist, 'workers'), { recursive: true });
    writeFileSync(join(dist, 'workers', 'main.js'), BROKEN);
    const pidFile = join(dist, 'pid');
    const starting = startExportsArena(
      {
        ...{ name: 'broken', records: 0, seed: 1, orchestrators: 2, workers: 1, maxReceiveCount: 3 },
        ...{ distFolder: dist, folder: dist, environment: process.env, settings: { PID_FILE: pidFile } },
        jobs: [job('dead_letter', 'dies', [reports('one')], { dies: true })],
      },
      servers,
    );
    await expect(starting).rejects.toThrow(/5 workers in a row .* no settings/);
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
  },
  STORY_MS,
);

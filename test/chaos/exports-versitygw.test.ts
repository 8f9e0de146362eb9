import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExportsServers, type ExportsServers } from '../../tools/chaos/exports/exports-servers.js';
import { largeJobs, largeRivals } from '../../tools/chaos/exports/large-jobs.js';
import { runExportsChaos } from '../../tools/chaos/exports/run-exports-chaos.js';
import { randomFrom } from '../../tools/chaos/random.js';
import { endRun, type Held } from '../../tools/chaos/under-fire.js';
import { noComplaints } from '../../tools/exports/complaints.js';
import { reports } from '../../tools/exports/kinds/small-files.js';
import { job } from '../../tools/exports/seeded-job.js';
import { projectRoot } from '../../tools/stack/folders.js';
import { findVersityGateway } from '../../tools/stack/versity-gateway.js';

/** Lost processes are noticed within half a minute, and Go may have to build first. */
const STORY_MS = 900_000;

const POINTS = ['mid_entry', 'after_complete'] as const;

const { why } = findVersityGateway(process.env);
if (why !== undefined) console.warn(`Large entries are not put under fire on versitygw: ${why}`);

(why === undefined ? describe : describe.skip)('large entries on versitygw', () => {
  let folder: string;
  let servers: ExportsServers;
  const held: Held = {};
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vachan-versitygw-'));
    servers = await startExportsServers(folder, process.env, 'versitygw');
  }, STORY_MS);
  afterAll(async () => {
    await endRun(held);
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }, STORY_MS);

  test(
    'are whole, and there once, though processes die at parts and Completes, and answers of Complete are lost',
    async () => {
      const own = join(folder, 'run');
      mkdirSync(own);
      // Faults begin with the first file that is settled: the large ones are to come then.
      const jobs = [
        job('plain', 'plain', [reports('one')]),
        ...[...largeJobs(4, randomFrom(1)), ...largeRivals()].map((one) => ({ ...one, isLate: true })),
      ];
      const report = await runExportsChaos(
        {
          ...{
            name: 'versitygw',
            records: 0,
            seed: 1,
            jobs,
            orchestrators: 1,
            workers: 2,
            maxReceiveCount: 30,
          },
          ...{ distFolder: join(projectRoot(), 'dist'), settings: {}, folder: own, environment: process.env },
          ...{ kinds: ['kill_at_point', 's3_complete_lost', 's3_complete_error'], gapSeconds: 1 },
          points: POINTS,
          // Whenever the faults come, the first that comes by dies.
          armed: POINTS,
          ...{ minutes: 0.1, leastKills: 0, command: '', log: () => undefined },
        },
        servers,
        held,
      );
      expect(report.complaints).toEqual(noComplaints());
      for (const point of POINTS) expect(report.points[point]).toBeGreaterThan(0);
    },
    STORY_MS,
  );
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArena, type Arena, type ArenaOptions } from '../../tools/chaos/recordings/arena.js';
import { runChaos } from '../../tools/chaos/recordings/run-chaos.js';
import { startServers, type Servers } from '../../tools/chaos/recordings/servers.js';
import { SERIES } from '../../tools/chaos/soak/sample.js';
import { runSoak } from '../../tools/chaos/soak/run-soak.js';
import { endRun, type Held } from '../../tools/chaos/under-fire.js';
import { untilQuiet } from '../../tools/chaos/recordings/until-quiet.js';
import { judge, type Verdict } from '../../tools/chaos/recordings/verdict.js';
import { projectRoot } from '../../tools/stack/folders.js';
import { mutantOf, type Mutation } from './mutant.js';

/** Lost hosts are noticed within half a minute; machines may be busy with other things. */
const STORY_MS = 420_000;

let folder: string;
let servers: Servers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-chaos-'));
  servers = await startServers(folder, process.env);
}, STORY_MS);
afterAll(async () => {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}, STORY_MS);

let arenas = 0;
function arenaOptions(more: Partial<ArenaOptions>): ArenaOptions {
  arenas += 1;
  const name = `arena-${arenas}`;
  const own = join(folder, name);
  mkdirSync(join(own, 'output'), { recursive: true });
  return {
    ...{ name, folder: own, environment: process.env, seed: 1, records: 40, workers: 1 },
    // Few deliveries: what cannot be read must not decide how long this takes.
    ...{ maxReceiveCount: 3, distFolder: join(projectRoot(), 'dist'), settings: {}, lateShare: 0 },
    ...more,
  };
}

test(
  'a short run under fire loses nothing, doubles nothing, and gets nothing wrong',
  async () => {
    const held: Held = {};
    try {
      const report = await runChaos(
        {
          ...arenaOptions({ records: 120, seed: 3, workers: 2, maxReceiveCount: 6, lateShare: 0.3 }),
          kinds: ['kill_at_point', 'cut_mongo', 'sqs_half_failed', 'mongo_half_bulk', 's3_truncated'],
          ...{ killPoints: ['results_upserted'], minutes: 0.25, leastKills: 0, gapSeconds: 3 },
          ...{ command: '', log: () => undefined },
        },
        servers,
        held,
      );
      expect(report.complaints).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(report.faults_injected).toBeGreaterThan(2);
    } finally {
      await endRun(held);
    }
  },
  STORY_MS,
);

test(
  'a short soak samples everything that must not grow, and scores all that arrived',
  async () => {
    const held: Held = {};
    try {
      const report = await runSoak(
        {
          ...arenaOptions({ maxReceiveCount: 6 }),
          ...{ command: '', minutes: 0.3, perMinute: 60, gapSeconds: 6, log: () => undefined },
        },
        servers,
        held,
      );
      expect(report.complaints).toEqual([]);
      expect(report.samples.length).toBeGreaterThan(3);
      for (const series of SERIES) expect(report.trends[series].most).toBeGreaterThanOrEqual(0);
      expect(report.trends.worker_rss_mb.median).toBeGreaterThan(0);
      expect(report.trends.history_events.median).toBeGreaterThan(0);
    } finally {
      await endRun(held);
    }
  },
  STORY_MS,
);

/** What the checker says of a run that workers with a mistake have scored. */
async function verdictOfMutant(
  mutations: readonly Mutation[],
  { dieAt, ...more }: Partial<ArenaOptions> & { dieAt?: string } = {},
): Promise<Verdict> {
  const mutant = mutantOf(mutations);
  let arena: Arena | undefined;
  try {
    arena = await startArena({ ...arenaOptions(more), distFolder: mutant.dist }, servers);
    if (dieAt !== undefined) arena.fleet.workers()[0]?.dieAt(dieAt);
    await untilQuiet(arena);
    await arena.close();
    return judge(arena.recordings.ledger, await arena.recordings.read());
  } finally {
    await arena?.close();
    mutant.remove();
  }
}

describe('the checker', () => {
  test(
    'notices an acknowledgement before the results are written',
    async () => {
      const { lost } = await verdictOfMutant(
        [
          {
            file: 'activities/recordings/upsert-results.js',
            from: '(0, batch_js_1.dropLost)(batch);',
            to: `(0, batch_js_1.dropLost)(batch);
              await batch.lease.acknowledge(batch.items.map((item) => item.messageId));
              const scored = batch.items.filter((item) => item.reached.stage === 'scored');
              if (scored.length > 5) log.info('mutant_acknowledged');`,
          },
        ],
        { dieAt: 'mutant_acknowledged' },
      );
      expect(lost.join()).toContain('no result');
    },
    STORY_MS,
  );

  test(
    'notices a row that is skipped at the edge of a page',
    async () => {
      const { lost } = await verdictOfMutant([
        {
          file: 'activities/recordings/enqueue-rows.js',
          from: 'if (toSend.length === 0)\n        return [];',
          to: 'if (toSend.length > 5) toSend.pop();\n    if (toSend.length === 0)\n        return [];',
        },
      ]);
      expect(lost.join()).toContain('no result');
    },
    STORY_MS,
  );

  test(
    'notices a delivery that a retried step counts twice in the CSV',
    async () => {
      const { doubled } = await verdictOfMutant([
        {
          file: 'pipelines/recordings/results/csv/local-csv.js',
          from: 'written.set(key, true);',
          to: 'void key;',
        },
        {
          file: 'activities/recordings/upsert-results.js',
          from: 'await writeCsv(deps, batch, log, signal);',
          to: `await writeCsv(deps, batch, log, signal);
              if (batch.failedOnce !== true) {
                batch.failedOnce = true;
                throw new Error('the answer to the append was lost');
              }`,
        },
      ]);
      expect(doubled.join()).toContain('CSV rows for one delivery');
    },
    STORY_MS,
  );

  test(
    'notices a worker that goes on with messages which are no longer its own',
    async () => {
      const { doubled } = await verdictOfMutant(
        [
          { file: 'queue/batch-lease.js', from: 'this.#extender.start();', to: '' },
          {
            file: 'activities/shared/batch.js',
            from: 'if (!batch.lease.isLive(item.messageId))',
            to: 'if (false)',
          },
          {
            file: 'activities/recordings/upsert-results.js',
            from: '(0, batch_js_1.dropLost)(batch);',
            // Until the messages, which nobody hides any more, are redelivered.
            to: `(0, batch_js_1.dropLost)(batch);
              const seen = (globalThis.seenMessages ??= new Map());
              const ids = batch.items.map(({ messageId }) => messageId);
              for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1);
              for (let tenths = 0; tenths < 400 && !ids.some((id) => seen.get(id) > 1); tenths += 1)
                await new Promise((resolve) => setTimeout(resolve, 100));`,
          },
        ],
        { settings: { SQS_VISIBILITY_TIMEOUT_SECONDS: '2' } },
      );
      expect(doubled.join()).toContain('was completed');
    },
    STORY_MS,
  );
});

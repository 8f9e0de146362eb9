import { startArena, type ArenaOptions } from './arena.js';
import { excusedErrors, type FaultKind } from './faults/index.js';
import { finishRun } from './finish-run.js';
import { countKills, startInjector } from './injector.js';
import type { KillPoint } from './kill-points.js';
import { countKinds, recoveryTimes, rounded, TELLING_EVENTS, type ChaosReport } from './report.js';
import { planFaults } from './schedule.js';
import type { Servers } from './servers.js';
import type { Held } from './under-fire.js';
import { judge, type Remains } from './verdict.js';

export interface ChaosOptions extends ArenaOptions {
  command: string;
  kinds: readonly FaultKind[];
  /** Faults begin within this; the run then goes on until everything has ended. */
  minutes: number;
  /** Faults go on beyond this until so much was killed. */
  leastKills: number;
  gapSeconds: number;
  killPoints: readonly KillPoint[];
  /** No fault while the workers are still starting. @default false */
  beginWithWork?: boolean;
  log: (line: string) => void;
}

/** A run that must kill so often is given so many times its minutes for it. */
const LONGEST_OVERTIME = 6;

/** One run on servers that are up; it leaves them running. */
export async function runChaos(options: ChaosOptions, servers: Servers, held: Held): Promise<ChaosReport> {
  const { log, records, seed } = options;
  const arena = await startArena(options, servers);
  held.arena = arena;
  const { night, fleet, keeper } = arena;
  const startedAtMs = Date.now();
  const since = (): number => (Date.now() - startedAtMs) / 1000;
  const finishedAt: number[] = [];
  fleet.onLine(({ event, atMs }) => {
    if (event === 'batch_processed') finishedAt.push((atMs - startedAtMs) / 1000);
  });
  const atLeastSeconds = options.minutes * 60;
  const forSeconds = options.leastKills > 0 ? atLeastSeconds * LONGEST_OVERTIME : atLeastSeconds;
  const planned = planFaults({ seed, kinds: options.kinds, forSeconds, gapSeconds: options.gapSeconds });
  log(`Seed ${seed}: ${records} records, ${options.workers} workers, up to ${planned.length} faults.`);
  const injector = startInjector({
    ...{ planned, startedAtMs, log },
    site: { ...arena.site, killPoints: options.killPoints },
    isEnough: (done, atSeconds) => atSeconds > atLeastSeconds && countKills(done) >= options.leastKills,
    ...(options.beginWithWork === true && { begin: fleet.nextLine('batch_dispatched') }),
    workDone: () => fleet.nextLine('batch_processed'),
  });
  held.injector = injector;

  const finished = await finishRun({ ...arena, injector, log, hopeless: fleet.hopeless });
  const runSeconds = since();
  if (!finished) log('Nothing gets done any more; what is left counts as lost.');
  await fleet.close();
  const remains = await night.read();
  const injected = injector.injected();
  const complaints = judge(night.ledger, remains, excusedErrors(injected.map(({ kind }) => kind)));
  const counts = fleet.counts();
  return {
    ...{ command: options.command, seed, records, workers: options.workers },
    faults: countKinds(injected),
    faults_injected: injected.length,
    kills: countKills(injected),
    redeliveries: redeliveriesIn(remains),
    results: remains.results.length,
    csv_rows: remains.csvRows.length,
    dead_letters: remains.deadLetters.length,
    worker_starts: fleet.started(),
    discovery_starts: keeper.starts(),
    run_seconds: rounded(runSeconds),
    seconds_after_last_fault: rounded(runSeconds - Math.max(0, ...injected.map(({ to_seconds: to }) => to))),
    recovery_seconds: recoveryTimes(injected, finishedAt),
    events: Object.fromEntries(TELLING_EVENTS.map((event) => [event, counts[event] ?? 0])),
    lost: complaints.lost.length,
    doubled: complaints.doubled.length,
    wrong: complaints.wrong.length,
    complaints,
    injected,
  };
}

function redeliveriesIn({ csvRows }: Remains): number {
  const last = new Map<string, number>();
  for (const row of csvRows) {
    if (row.processing_status === 'failed_pre_inference') continue;
    last.set(row.message_id, Math.max(last.get(row.message_id) ?? 1, Number(row.receive_count)));
  }
  return [...last.values()].reduce((sum, count) => sum + count - 1, 0);
}

import type { BaseRunOptions } from '../run-options.js';
import { startFaults } from '../start-faults.js';
import type { Held } from '../under-fire.js';
import { startArena, type ArenaOptions } from './arena.js';
import { excusedErrors, FAULTS, TIMES_A_ROUND, type FaultKind } from './faults/index.js';
import type { RecordingsSite } from './faults/site.js';
import { finishRun } from './finish-run.js';
import type { KillPoint } from './kill-points.js';
import { TELLING_EVENTS, type ChaosReport } from './report.js';
import type { Servers } from './servers.js';
import { judge, type Remains } from './verdict.js';

export interface ChaosOptions extends ArenaOptions, BaseRunOptions<FaultKind> {
  killPoints: readonly KillPoint[];
  /** No fault while the workers are still starting. @default false */
  beginWithWork?: boolean;
}

const LONGEST_OVERTIME = 6;

/** One run on servers that are up; it leaves them running. */
export async function runChaos(options: ChaosOptions, servers: Servers, held: Held): Promise<ChaosReport> {
  const { log, records, workers } = options;
  const arena = await startArena(options, servers);
  held.arena = arena;
  const { recordings, fleet, keeper } = arena;
  const faults = startFaults<FaultKind, RecordingsSite>({
    ...{ run: options, faults: FAULTS, timesARound: TIMES_A_ROUND, longestOvertime: LONGEST_OVERTIME, fleet },
    site: { ...arena.site, killPoints: options.killPoints },
    what: `${records} records, ${workers} workers`,
    doneEvent: 'batch_processed',
    beginEvent: options.beginWithWork === true ? 'batch_dispatched' : undefined,
  });
  const { injector } = faults;
  held.injector = injector;

  const finished = await finishRun({ ...arena, injector, log, hopeless: fleet.hopeless });
  const runSeconds = faults.seconds();
  if (!finished) log('Nothing gets done any more; what is left counts as lost.');
  await fleet.close();
  const remains = await recordings.read();
  const kinds = injector.injected().map(({ kind }) => kind);
  const complaints = judge(recordings.ledger, remains, excusedErrors(kinds));
  return {
    ...faults.report(runSeconds, TELLING_EVENTS),
    redeliveries: redeliveriesIn(remains),
    results: remains.results.length,
    csv_rows: remains.csvRows.length,
    dead_letters: remains.deadLetters.length,
    discovery_starts: keeper.starts(),
    lost: complaints.lost.length,
    doubled: complaints.doubled.length,
    wrong: complaints.wrong.length,
    complaints,
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

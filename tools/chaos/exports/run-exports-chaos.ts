import { judgeExports } from '../../exports/exports-verdict.js';
import { readExportsWorld } from '../../exports/read-world.js';
import type { BaseRunOptions } from '../run-options.js';
import { startFaults } from '../start-faults.js';
import type { Held } from '../under-fire.js';
import { startExportsArena, type ExportsArenaOptions } from './exports-arena.js';
import type { ExportsServers } from './exports-servers.js';
import { FAULTS, TIMES_A_ROUND, type FaultKind } from './faults/index.js';
import type { ExportsSite } from './faults/site.js';
import { finishExports } from './finish-exports.js';
import type { Gate } from './gate.js';
import { countRows, ROWS, type KillPoint } from './kill-points.js';
import { LEAST_HITS_A_ROW, TELLING_EVENTS, type ExportsReport } from './report.js';
import { sweepAll } from './sweep.js';

/** Where there is a least number of kills, faults also go on until each row was met as often as it should be, or no job is left. */
export interface ExportsChaosOptions extends ExportsArenaOptions, BaseRunOptions<FaultKind> {
  points: readonly KillPoint[];
}

const LONGEST_OVERTIME = 4;

/** One run on servers that are up; it leaves them running. */
export async function runExportsChaos(
  options: ExportsChaosOptions,
  servers: ExportsServers,
  held: Held,
): Promise<ExportsReport> {
  const { log, records, leastKills, orchestrators, workers } = options;
  const points = options.kinds.includes('kill_at_point') ? options.points : [];
  const arena = await startExportsArena(options, servers);
  held.arena = arena;
  const { exports, fleet, gate } = arena;
  const faults = startFaults<FaultKind, ExportsSite>({
    ...{ run: options, faults: FAULTS, timesARound: TIMES_A_ROUND, longestOvertime: LONGEST_OVERTIME, fleet },
    site: { ...arena.site, killPoints: points },
    what: `${records} entries in ${exports.jobs.length} jobs, ${orchestrators} orchestrators, ${workers} workers`,
    doneEvent: 'export_file_settled',
    beginEvent: 'export_file_settled',
    mayEnd: () => leastKills === 0 || exports.lateLeft() === 0 || rowsMissed(gate, points).length === 0,
  });
  const { injector } = faults;
  held.injector = injector;

  const finished = await finishExports({ arena, injector, log });
  const runSeconds = faults.seconds();
  if (finished) await sweepAll(arena);
  await fleet.close();
  const world = await readExportsWorld(
    exports.jobs.map(({ ref }) => ref),
    arena.endpoints,
  );
  const complaints = judgeExports(exports.jobs, {
    ...{ world, events: arena.wire.events, malformed: exports.malformed },
  });
  const results = exports.jobs.map(({ ref }) => world.jobOf(ref).result);
  return {
    ...faults.report(runSeconds, TELLING_EVENTS),
    ...{ orchestrators, jobs: exports.jobs.length },
    points: gate.hits(),
    rows: countRows(gate.hits()),
    rows_not_met: rowsMissed(gate, points),
    states: countStates(results.map((result) => result?.state ?? 'open')),
    objects: world.objects.size,
    dead_letters: world.deadLetters.jobs.length + world.deadLetters.tasks.length,
    lost: complaints.lost.length,
    doubled: complaints.doubled.length,
    wrong: complaints.wrong.length,
    orphaned: complaints.orphaned.length,
    complaints,
  };
}

/** Rows of which a point was asked for, and that were met too rarely. */
function rowsMissed(gate: Gate, points: readonly KillPoint[]): string[] {
  const rows = countRows(gate.hits());
  return Object.entries(ROWS)
    .filter(([row, its]) => its.some((point) => points.includes(point)) && rows[row]! < LEAST_HITS_A_ROW)
    .map(([row]) => row);
}

function countStates(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

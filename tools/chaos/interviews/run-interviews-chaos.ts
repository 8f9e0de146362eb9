import { Client, Connection } from '@temporalio/client';
import { findLeaks } from '../../interviews/find-leaks.js';
import { judgeInterviews } from '../../interviews/interviews-verdict.js';
import { readInterviewsWorld } from '../../interviews/read-world.js';
import { secretWords } from '../../interviews/seeded-interview.js';
import type { BaseRunOptions } from '../run-options.js';
import { startFaults } from '../start-faults.js';
import type { Held } from '../under-fire.js';
import { FAULTS, TIMES_A_ROUND, type FaultKind } from './faults/index.js';
import type { InterviewsSite } from './faults/site.js';
import { finishInterviews } from './finish-interviews.js';
import { startInterviewsArena, type InterviewsArenaOptions } from './interviews-arena.js';
import type { InterviewsServers } from './interviews-servers.js';
import { countRows, type KillPoint } from './kill-points.js';
import { TELLING_EVENTS, type InterviewsReport } from './report.js';

export interface InterviewsChaosOptions extends InterviewsArenaOptions, BaseRunOptions<FaultKind> {
  points: readonly KillPoint[];
}

const LONGEST_OVERTIME = 4;

/** One run on servers that are up; it leaves them running. */
export async function runInterviewsChaos(
  options: InterviewsChaosOptions,
  servers: InterviewsServers,
  held: Held,
): Promise<InterviewsReport> {
  const { log, orchestrators, workers, folder } = options;
  const points = options.kinds.includes('kill_at_point') ? options.points : [];
  const arena = await startInterviewsArena(options, servers);
  held.arena = arena;
  const { interviews, fleet, gate, course, receiver } = arena;
  const jobs = interviews.reduce((sum, { media }) => sum + media.length, 0);
  const faults = startFaults<FaultKind, InterviewsSite>({
    ...{ run: options, faults: FAULTS, timesARound: TIMES_A_ROUND, longestOvertime: LONGEST_OVERTIME, fleet },
    site: { ...arena.site, killPoints: points },
    what: `${jobs} jobs of ${interviews.length} interviews, ${orchestrators} orchestrators, ${workers} workers`,
    doneEvent: 'interview_job_completed',
    beginEvent: 'interview_job_claimed',
  });
  const { injector } = faults;
  held.injector = injector;
  const finished = await finishInterviews({ arena, injector, log });
  const runSeconds = faults.seconds();
  const world = await readInterviewsWorld(arena.endpoints());
  const wrong = judgeInterviews(interviews, { world, deliveries: receiver.deliveries, etags: course.etags });
  if (!finished) wrong.push('the run did not come to its end');
  await fleet.close();
  // Longer than any call that the harness makes meanwhile.
  const connection = await Connection.connect({ address: servers.endpoints().temporal.address });
  const leaked = await findLeaks(
    {
      ...{ client: new Client({ connection }), taskQueue: arena.taskQueue },
      logs: { folder, isLog: (name) => /^(orchestrator|worker)-.*\.log$/.test(name) },
    },
    secretWords(interviews),
  ).finally(() => connection.close());
  return {
    ...faults.report(runSeconds, TELLING_EVENTS),
    ...{
      orchestrators,
      interviews: interviews.length,
      jobs,
      points: gate.hits(),
      rows: countRows(gate.hits()),
    },
    stories: countOf(interviews.map(({ story }) => story)),
    states: countOf(world.jobs.map(({ status }) => status)),
    results: world.results.length,
    deliveries: receiver.deliveries.length,
    told: countOf(world.events.map(({ status }) => status)),
    complaints: { wrong, leaked },
  };
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

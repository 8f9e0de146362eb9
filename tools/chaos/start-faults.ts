import type { Fault } from './faults/fault.js';
import type { Fleet } from './fleet.js';
import { countKills, startInjector, type Injector } from './injector.js';
import { countKinds, recoveryTimes, rounded, TELLING_EVENTS, type RunReport } from './report.js';
import type { BaseRunOptions } from './run-options.js';
import { planFaults } from './schedule.js';

/** Faults for the processes of an arena that is up. */
export interface FaultsOptions<Kind extends string, Site> {
  run: BaseRunOptions<Kind>;
  faults: Readonly<Record<Kind, Fault<Site>>>;
  timesARound: Partial<Record<Kind, number>>;
  site: Site;
  fleet: Fleet;
  /** What the log says of the run. */
  what: string;
  /** The event of a log line that tells of a finished piece of work. */
  doneEvent: string;
  /** The first fault waits for this event. @default none does */
  beginEvent?: string | undefined;
  /** A run that must kill so often is given so many times its minutes for it. */
  longestOvertime: number;
  /** Whether faults may end once enough was killed. @default they may */
  mayEnd?: () => boolean;
}

export interface RunningFaults<Kind extends string> {
  injector: Injector<Kind>;
  /** Since they started. */
  seconds(): number;
  /**
   * What a report says of the faults, and of how the processes took them.
   *
   * @param runSeconds when nothing was left to do
   * @param moreEvents of the pipeline's own, to be counted beside those of any
   */
  report(runSeconds: number, moreEvents: readonly string[]): RunReport;
}

/** Plans faults by the seed, and begins with them. */
export function startFaults<Kind extends string, Site>(
  options: FaultsOptions<Kind, Site>,
): RunningFaults<Kind> {
  const { run, fleet, doneEvent, beginEvent, mayEnd = () => true } = options;
  const { command, seed, records, workers, kinds, gapSeconds, leastKills, log } = run;
  const startedAtMs = Date.now();
  const finishedAt: number[] = [];
  fleet.onLine(({ event, atMs }) => {
    if (event === doneEvent) finishedAt.push((atMs - startedAtMs) / 1000);
  });
  const atLeastSeconds = run.minutes * 60;
  const planned = planFaults({
    ...{ seed, kinds, gapSeconds, timesARound: options.timesARound },
    forSeconds: leastKills > 0 ? atLeastSeconds * options.longestOvertime : atLeastSeconds,
  });
  log(`Seed ${seed}: ${options.what}, up to ${planned.length} faults.`);
  const injector = startInjector<Kind, Site>({
    ...{ faults: options.faults, planned, startedAtMs, log, site: options.site },
    isEnough: (done, atSeconds) => atSeconds > atLeastSeconds && countKills(done) >= leastKills && mayEnd(),
    ...(beginEvent !== undefined && { begin: fleet.nextLine(beginEvent) }),
    workDone: () => fleet.nextLine(doneEvent),
  });
  return {
    injector,
    seconds: () => (Date.now() - startedAtMs) / 1000,
    report(runSeconds, moreEvents) {
      const injected = injector.injected();
      const counts = fleet.counts();
      return {
        ...{ command, seed, records, workers },
        faults: countKinds(injected),
        faults_injected: injected.length,
        kills: countKills(injected),
        worker_starts: fleet.started(),
        run_seconds: rounded(runSeconds),
        seconds_after_last_fault: rounded(
          runSeconds - Math.max(0, ...injected.map(({ to_seconds: to }) => to)),
        ),
        recovery_seconds: recoveryTimes(injected, finishedAt),
        events: Object.fromEntries(
          [...TELLING_EVENTS, ...moreEvents].map((event) => [event, counts[event] ?? 0]),
        ),
        injected,
      };
    },
  };
}

import { join } from 'node:path';
import { startArena, type ArenaOptions } from '../recordings/arena.js';
import { excusedErrors, FAULTS, TIMES_A_ROUND, type FaultKind } from '../recordings/faults/index.js';
import type { RecordingsSite } from '../recordings/faults/site.js';
import { finishRun } from '../recordings/finish-run.js';
import { startInjector } from '../injector.js';
import { planFaults } from '../schedule.js';
import type { Servers } from '../recordings/servers.js';
import type { Held } from '../under-fire.js';
import { judge } from '../recordings/verdict.js';
import { takeSample, type Sample } from './sample.js';
import { trendsOf, type SoakReport } from './soak-report.js';

export interface SoakOptions extends Omit<ArenaOptions, 'records' | 'lateShare' | 'historyEventLimit'> {
  command: string;
  minutes: number;
  /** Recordings that arrive, on average. */
  perMinute: number;
  gapSeconds: number;
  log: (line: string) => void;
}

/** Faults that every process survives, so that its memory can be watched for the whole time; pool children are many. */
const SOAK_FAULTS: readonly FaultKind[] = [
  ...(['cut_aws', 'hole_aws', 'slow_aws', 'cut_mongo', 'slow_mongo', 'cut_temporal', 'slow_mongo'] as const),
  ...(['s3_slow_down', 's3_truncated', 'sqs_half_failed', 'sqs_at_cap', 'sqs_reordered'] as const),
  ...(['mongo_refuses_writes', 'mongo_half_bulk', 'duplicate_delivery', 'kill_pool_child'] as const),
];
const SAMPLE_EVERY_SECONDS = 15;
/** A short soak still has enough samples for a slope. */
const LEAST_SAMPLES = 20;
const ARRIVE_EVERY_SECONDS = 5;
const LATE_SHARE = 0.95;
/** Recordings arrive in order, so that a poll need not look back over all of them. */
const SOAK_SETTINGS = { POLL_INTERVAL_SECONDS: '5', WATERMARK_LOOKBACK_SECONDS: '300' };
/** Low, so that an hour sees many continue-as-new; the server's own is about 4,000. */
const HISTORY_EVENT_LIMIT = 1500;

/** A soak on servers that are up; it leaves them running. */
export async function runSoak(options: SoakOptions, servers: Servers, held: Held): Promise<SoakReport> {
  const { minutes, perMinute, seed, log, gapSeconds } = options;
  const records = Math.max(60, Math.round(perMinute * minutes));
  const arena = await startArena(
    {
      ...options,
      settings: { ...SOAK_SETTINGS, ...options.settings },
      records,
      lateShare: LATE_SHARE,
      historyEventLimit: HISTORY_EVENT_LIMIT,
    },
    servers,
  );
  held.arena = arena;
  const { recordings, fleet, keeper } = arena;
  const startedAtMs = Date.now();
  const since = (): number => (Date.now() - startedAtMs) / 1000;
  const forSeconds = minutes * 60;
  const planned = planFaults({
    ...{ seed, kinds: SOAK_FAULTS, timesARound: TIMES_A_ROUND, forSeconds, gapSeconds },
  });
  const injector = startInjector<FaultKind, RecordingsSite>({
    ...{ faults: FAULTS, planned, startedAtMs, log },
    site: { ...arena.site, killPoints: [] },
  });
  held.injector = injector;

  const samples: Sample[] = [];
  const scratchPath = join(options.folder, 'scratch');
  const every = Math.min(SAMPLE_EVERY_SECONDS, forSeconds / LEAST_SAMPLES);
  const total = recordings.lateRowsLeft();
  await Promise.race([
    fleet.hopeless,
    (async () => {
      for (let nextSample = 0, nextArrival = 0; since() < forSeconds;) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        try {
          await keeper.keepRunning();
          if (since() >= nextArrival) {
            nextArrival = since() + ARRIVE_EVERY_SECONDS;
            const due = Math.round(
              (total * Math.min(forSeconds, since() + ARRIVE_EVERY_SECONDS)) / forSeconds,
            );
            await recordings.insertFreshRows(due - (total - recordings.lateRowsLeft()));
          }
          if (since() >= nextSample) {
            samples.push(await takeSample(arena, scratchPath, () => recordings.countUnscored(), since()));
            nextSample = since() + every;
          }
        } catch {
          // A server is cut off; it is looked at again.
        }
      }
    })(),
  ]);
  injector.stop();
  await injector.done;
  const finished = await finishRun({ ...arena, injector, log, hopeless: fleet.hopeless });
  if (!finished) log('Nothing gets done any more; what is left counts as lost.');
  await fleet.close();
  const remains = await recordings.read();
  const injected = injector.injected();
  const { lost, doubled, wrong } = judge(
    recordings.ledger,
    remains,
    excusedErrors(injected.map(({ kind }) => kind)),
  );
  return {
    ...{ command: options.command, minutes, records, faults_injected: injected.length },
    ...{ csv_rows: remains.csvRows.length, results: remains.results.length },
    ...{ lost: lost.length, doubled: doubled.length, wrong: wrong.length },
    complaints: [...lost, ...doubled, ...wrong],
    ...{ trends: trendsOf(samples), samples },
  };
}

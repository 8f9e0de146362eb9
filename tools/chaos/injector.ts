import { setMaxListeners } from 'node:events';
import type { Fault } from './faults/fault.js';
import { randomFrom } from './random.js';
import type { PlannedFault } from './schedule.js';

/** A fault that took place. */
export interface InjectedFault<Kind extends string = string> {
  kind: Kind;
  what: string;
  /** Since the start of the run. */
  from_seconds: number;
  to_seconds: number;
}

export interface Injector<Kind extends string = string> {
  /** Faults that took place, in the order in which they were over. */
  injected(): readonly InjectedFault<Kind>[];
  /** Resolves when every planned fault is over or left out; rejects when the harness itself failed at one. */
  done: Promise<void>;
  /** Begins no further fault. */
  stop(): void;
}

/** Every SIGKILL of anything. */
export const countKills = (injected: readonly InjectedFault[]): number =>
  injected.filter(({ kind }) => kind.startsWith('kill_')).length;

export interface InjectorOptions<Kind extends string, Site> {
  faults: Readonly<Record<Kind, Fault<Site>>>;
  planned: readonly PlannedFault<Kind>[];
  site: Site;
  /** What is in the report counts from here, by `Date.now()`. */
  startedAtMs: number;
  log: (line: string) => void;
  /** Asked before each fault, with the time it was planned for: true ends the faults. */
  isEnough?: (injected: readonly InjectedFault<Kind>[], atSeconds: number) => boolean;
  /** The first fault waits for it. @default none does */
  begin?: Promise<void>;
  /** Resolves when the workers have got something done since it was called. */
  workDone?: () => Promise<void>;
}

/** A machine that is busy with other things, or nearly everything broken at once: faults go on all the same. */
const WORK_DONE_WITHIN_SECONDS = 30;
/** Two workers start within ten seconds where nothing else runs. */
const WORK_BEGINS_WITHIN_SECONDS = 120;

/**
 * Injects faults in their order, at their distances; those of one target one after the other, others may overlap.
 *
 * Before each, the workers must have got something done since the one before: on a slow machine faults would otherwise
 * meet only workers that are still starting.
 */
export function startInjector<Kind extends string, Site>(
  options: InjectorOptions<Kind, Site>,
): Injector<Kind> {
  const { faults, planned, site, startedAtMs, log, isEnough = () => false } = options;
  const injected: InjectedFault<Kind>[] = [];
  const busy = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  // One a planned fault.
  setMaxListeners(0, stopped.signal);
  const since = (): number => (Date.now() - startedAtMs) / 1000;

  const inject = async ({ kind, seed }: PlannedFault<Kind>): Promise<void> => {
    if (stopped.signal.aborted) return;
    const from = since();
    const what = await faults[kind].inject(site, randomFrom(seed));
    if (what === undefined) return;
    log(`${from.toFixed(1).padStart(7)} s  ${kind.padEnd(20)} ${what}`);
    injected.push({ kind, what, from_seconds: from, to_seconds: since() });
  };

  const inTurn = (plan: PlannedFault<Kind>): Promise<void> => {
    const { target } = faults[plan.kind];
    if (target === undefined) return inject(plan);
    const turn = (busy.get(target) ?? Promise.resolve()).then(() => inject(plan));
    busy.set(target, turn);
    return turn;
  };

  const injectAll = async (): Promise<void> => {
    const underWay: Promise<void>[] = [];
    let before = 0;
    let worked = Promise.resolve();
    await Promise.race([options.begin ?? worked, pause(WORK_BEGINS_WITHIN_SECONDS, stopped.signal)]);
    for (const plan of planned) {
      await pause(plan.atSeconds - before, stopped.signal);
      before = plan.atSeconds;
      await Promise.race([worked, pause(WORK_DONE_WITHIN_SECONDS, stopped.signal)]);
      if (stopped.signal.aborted || isEnough(injected, plan.atSeconds)) break;
      worked = options.workDone?.() ?? Promise.resolve();
      underWay.push(inTurn(plan));
      // Handled at the end; until then a failure is not an unhandled one.
      underWay.at(-1)?.catch(() => stopped.abort());
    }
    await Promise.all(underWay);
  };
  return { injected: () => injected, done: injectAll(), stop: () => stopped.abort() };
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, seconds * 1000));
    signal.addEventListener('abort', done);
  });
}

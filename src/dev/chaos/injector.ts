import { setMaxListeners } from 'node:events';
import { FAULTS, type FaultKind } from './faults/index.js';
import type { Fault, FaultSite } from './faults/fault.js';
import { randomFrom } from './random.js';
import type { PlannedFault } from './schedule.js';

/** A fault that took place. */
export interface InjectedFault {
  kind: FaultKind;
  what: string;
  /** Since the start of the run. */
  from_seconds: number;
  to_seconds: number;
}

export interface Injector {
  /** Faults that took place, in the order in which they were over. */
  injected(): readonly InjectedFault[];
  /** Resolves when every planned fault is over or left out; rejects when the harness itself failed at one. */
  done: Promise<void>;
  /** Begins no further fault. */
  stop(): void;
}

/** Every SIGKILL of anything. */
export const countKills = (injected: readonly InjectedFault[]): number =>
  injected.filter(({ kind }) => kind.startsWith('kill_')).length;

/** Injects faults at their times; those of one target one after the other, others may overlap. */
export function startInjector(
  planned: readonly PlannedFault[],
  site: FaultSite,
  startedAtMs: number,
  log: (line: string) => void,
  isEnough: (injected: readonly InjectedFault[], atSeconds: number) => boolean = () => false,
): Injector {
  const injected: InjectedFault[] = [];
  const busy = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  // One a planned fault.
  setMaxListeners(0, stopped.signal);
  const since = (): number => (Date.now() - startedAtMs) / 1000;

  const inject = async ({ kind, seed }: PlannedFault): Promise<void> => {
    if (stopped.signal.aborted) return;
    const fault: Fault = FAULTS[kind];
    const from = since();
    const what = await fault.inject(site, randomFrom(seed));
    if (what === undefined) return;
    log(`${from.toFixed(1).padStart(7)} s  ${kind.padEnd(20)} ${what}`);
    injected.push({ kind, what, from_seconds: from, to_seconds: since() });
  };

  const inTurn = (plan: PlannedFault): Promise<void> => {
    const { target }: Fault = FAULTS[plan.kind];
    if (target === undefined) return inject(plan);
    const turn = (busy.get(target) ?? Promise.resolve()).then(() => inject(plan));
    busy.set(target, turn);
    return turn;
  };

  const done = Promise.all(
    planned.map(async (plan) => {
      await until(startedAtMs + plan.atSeconds * 1000, stopped.signal);
      if (isEnough(injected, plan.atSeconds)) stopped.abort();
      await inTurn(plan);
    }),
  ).then(() => undefined);
  return { injected: () => injected, done, stop: () => stopped.abort() };
}

function until(atMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, Math.max(0, atMs - Date.now()));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

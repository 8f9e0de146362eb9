import type { Fleet, FleetWorker } from '../fleet.js';
import type { Random } from '../random.js';
import { DISCOVERY_POINTS } from '../kill-points.js';
import { seconds, type Fault } from './fault.js';

/** A point that nobody comes by in this time is let go: there may be nothing left to do. */
const POINT_REACHED_WITHIN_SECONDS = 30;

/** Rarely one that is still starting: on a slow machine none would ever be up otherwise. */
const STARTING_SHARE = 0.1;

const anyWorker = (fleet: Fleet, random: Random): FleetWorker | undefined => {
  const whileStarting = random.next() < STARTING_SHARE;
  const workers = fleet.workers().filter(({ isPaused, isReady }) => !isPaused && (isReady || whileStarting));
  return workers.length === 0 ? undefined : random.pick(workers);
};

/** SIGKILL at whatever it is doing. */
export const killWorker: Fault = {
  async inject({ fleet }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    worker.signal('SIGKILL');
    await worker.exited;
    return `worker ${worker.pid}`;
  },
};

/** SIGTERM: it drains. */
export const stopWorker: Fault = {
  async inject({ fleet }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    worker.signal('SIGTERM');
    await worker.exited;
    return `worker ${worker.pid}`;
  },
};

/** SIGKILL right after a named line; whichever worker comes by first. */
export const killAtPoint: Fault = {
  target: 'kill_point',
  async inject(site, random) {
    const point = random.pick(site.killPoints);
    const armed = site.fleet.workers();
    if (armed.length === 0) return undefined;
    for (const worker of armed) worker.dieAt(point);
    // Discovery may be done with everything that was there.
    if (DISCOVERY_POINTS.includes(point)) await site.insertLateRows();
    const killed = await Promise.race([
      ...armed.map((worker) => worker.exited.then(() => worker)),
      seconds(POINT_REACHED_WITHIN_SECONDS).then(() => undefined),
    ]);
    for (const worker of armed) worker.dieAt(undefined);
    // Another fault may have been faster.
    return killed?.lastEvent === point ? `worker ${killed.pid} after ${point}` : undefined;
  },
};

/** Stopped for longer than its messages stay hidden, then woken: it must notice that they are others' by now. */
export const pauseWorker: Fault = {
  target: 'processor',
  async inject({ fleet, visibilityTimeoutSeconds }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    const length = visibilityTimeoutSeconds * (0.5 + random.next());
    worker.signal('SIGSTOP');
    await seconds(length);
    worker.signal('SIGCONT');
    return `worker ${worker.pid} for ${length.toFixed(1)} s`;
  },
};

/** SIGKILL of a process that decodes and scores. */
export const killPoolChild: Fault = {
  inject({ fleet }, random) {
    const members = fleet.workers().flatMap((worker) => worker.poolMembers());
    if (members.length === 0) return Promise.resolve(undefined);
    const pid = random.pick(members);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return Promise.resolve(undefined);
    }
    return Promise.resolve(`process ${pid}`);
  },
};

/** An hour ahead or behind, all of a sudden, and back again. */
export const skewClock: Fault = {
  async inject({ fleet }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    const hours = random.pick([1, -1]);
    const length = random.between(5, 15);
    worker.shiftClock(hours * 3_600_000);
    await Promise.race([seconds(length), worker.exited]);
    worker.shiftClock(0);
    return `worker ${worker.pid} by ${hours} h for ${length} s`;
  },
};

export const fullScratch: Fault = {
  async inject({ fleet }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    const length = random.between(3, 10);
    worker.fillDisk(true);
    await Promise.race([seconds(length), worker.exited]);
    worker.fillDisk(false);
    return `worker ${worker.pid} for ${length} s`;
  },
};

/** A worker that is starved gets its turn now and then, for so long. */
const TURN_SECONDS = 0.05;
const STARVED_SECONDS = 0.45;

/** A tenth of the time is left to a worker and its audio processes. */
export const starveWorker: Fault = {
  target: 'processor',
  async inject({ fleet }, random) {
    const worker = anyWorker(fleet, random);
    if (worker === undefined) return undefined;
    const length = random.between(5, 15);
    const tell = (pid: number, signal: NodeJS.Signals): void => {
      try {
        process.kill(pid, signal);
      } catch {
        // Another fault has ended it.
      }
    };
    const ended = worker.exited.then(() => true);
    let over = false;
    for (let passed = 0; passed < length && !over; passed += TURN_SECONDS + STARVED_SECONDS) {
      const pids = [worker.pid, ...worker.poolMembers()];
      for (const pid of pids) tell(pid, 'SIGSTOP');
      await seconds(STARVED_SECONDS);
      for (const pid of pids) tell(pid, 'SIGCONT');
      over = await Promise.race([seconds(TURN_SECONDS).then(() => false), ended]);
    }
    return `worker ${worker.pid} for ${length} s`;
  },
};

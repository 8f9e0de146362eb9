import { seconds, type Fault } from '../../faults/fault.js';
import { anyProcess } from '../../faults/processes.js';
import { DISCOVERY_POINTS } from '../kill-points.js';
import type { RecordingsSite } from './site.js';

/** A point that nobody comes by in this time is let go: there may be nothing left to do. */
const POINT_REACHED_WITHIN_SECONDS = 30;

/** SIGKILL right after a named line; whichever worker comes by first. */
export const killAtPoint: Fault<RecordingsSite> = {
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

/** SIGKILL of a process that decodes and scores. */
export const killPoolChild: Fault<RecordingsSite> = {
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

export const fullScratch: Fault<RecordingsSite> = {
  async inject({ fleet }, random) {
    const worker = anyProcess(fleet, 'worker', random);
    if (worker === undefined) return undefined;
    const length = random.between(3, 10);
    worker.fillDisk(true);
    await Promise.race([seconds(length), worker.exited]);
    worker.fillDisk(false);
    return `worker ${worker.pid} for ${length} s`;
  },
};

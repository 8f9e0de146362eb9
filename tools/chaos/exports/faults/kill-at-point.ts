import type { Fault } from '../../faults/fault.js';
import { KILL_POINTS, type KillPoint } from '../kill-points.js';
import type { ExportsSite } from './site.js';

/** A point that nobody comes by in this time is let go: a file waits its turn behind what others left half done. */
const POINT_REACHED_WITHIN_SECONDS = 90;

/** Of points that were met as often, those first that only some jobs come by. */
const wishes = (point: KillPoint): number => (KILL_POINTS[point].wants === undefined ? 0 : 1);

/** SIGKILL at a named request; whichever process comes by first. Points that were met least have their turn first. */
export const killAtPoint: Fault<ExportsSite> = {
  async inject({ gate, killPoints, exports }, random) {
    const hits = gate.hits();
    const free = random.shuffled(killPoints.filter((point) => !gate.isArmed(point)));
    const [point] = free.sort((a, b) => hits[a] - hits[b] || wishes(b) - wishes(a));
    if (point === undefined) return undefined;
    const { killed, disarm } = gate.arm(point);
    await exports.sendLate(KILL_POINTS[point].wants);
    const timer = setTimeout(disarm, POINT_REACHED_WITHIN_SECONDS * 1000);
    const who = await killed;
    clearTimeout(timer);
    return who === undefined ? undefined : `${who} at ${point}`;
  },
};

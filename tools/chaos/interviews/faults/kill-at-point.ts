import type { Fault } from '../../faults/fault.js';
import type { InterviewsSite } from './site.js';

/** A point that nobody comes by in this time is let go. */
const POINT_REACHED_WITHIN_SECONDS = 90;

/** SIGKILL at a named request; whichever process comes by first. Points that were met least have their turn first. */
export const killAtPoint: Fault<InterviewsSite> = {
  async inject({ gate, killPoints }, random) {
    const hits = gate.hits();
    const free = random.shuffled(killPoints.filter((point) => !gate.isArmed(point)));
    const [point] = free.sort((a, b) => hits[a] - hits[b]);
    if (point === undefined) return undefined;
    const { killed, disarm } = gate.arm(point);
    const timer = setTimeout(disarm, POINT_REACHED_WITHIN_SECONDS * 1000);
    const who = await killed;
    clearTimeout(timer);
    return who === undefined ? undefined : `${who} at ${point}`;
  },
};

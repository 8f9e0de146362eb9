import type { Fleet, FleetWorker } from '../fleet.js';
import type { Random } from '../random.js';
import { seconds, type Fault, type FleetSite } from './fault.js';

/** Rarely one that is still starting: on a slow machine none would ever be up otherwise. */
const STARTING_SHARE = 0.1;

/** A process of this role that can be hit; undefined when there is none. */
export function anyProcess(fleet: Fleet, role: string, random: Random): FleetWorker | undefined {
  const whileStarting = random.next() < STARTING_SHARE;
  const found = fleet
    .workers()
    .filter((one) => one.role === role && !one.isPaused && (one.isReady || whileStarting));
  return found.length === 0 ? undefined : random.pick(found);
}

/** SIGKILL at whatever it is doing. */
export function killProcess(role: string): Fault<FleetSite> {
  return {
    async inject({ fleet }, random) {
      const victim = anyProcess(fleet, role, random);
      if (victim === undefined) return undefined;
      victim.signal('SIGKILL');
      await victim.exited;
      return `${role} ${victim.pid}`;
    },
  };
}

/** SIGTERM: it drains. */
export function stopProcess(role: string): Fault<FleetSite> {
  return {
    async inject({ fleet }, random) {
      const told = anyProcess(fleet, role, random);
      if (told === undefined) return undefined;
      told.signal('SIGTERM');
      await told.exited;
      return `${role} ${told.pid}`;
    },
  };
}

/** Stopped for longer than its messages stay hidden, then woken: it must notice that they are others' by now. */
export function pauseProcess(role: string): Fault<FleetSite & { visibilityTimeoutSeconds: number }> {
  return {
    target: 'processor',
    async inject({ fleet, visibilityTimeoutSeconds }, random) {
      const paused = anyProcess(fleet, role, random);
      if (paused === undefined) return undefined;
      const length = visibilityTimeoutSeconds * (0.5 + random.next());
      paused.signal('SIGSTOP');
      await Promise.race([seconds(length), paused.exited]);
      paused.signal('SIGCONT');
      return `${role} ${paused.pid} for ${length.toFixed(1)} s`;
    },
  };
}

/** An hour ahead or behind, all of a sudden, and back again. */
export function skewClock(role: string): Fault<FleetSite> {
  return {
    async inject({ fleet }, random) {
      const skewed = anyProcess(fleet, role, random);
      if (skewed === undefined) return undefined;
      const hours = random.pick([1, -1]);
      const length = random.between(5, 15);
      skewed.shiftClock(hours * 3_600_000);
      await Promise.race([seconds(length), skewed.exited]);
      skewed.shiftClock(0);
      return `${role} ${skewed.pid} by ${hours} h for ${length} s`;
    },
  };
}

/** A process that is starved gets its turn now and then, for so long. */
const TURN_SECONDS = 0.05;
const STARVED_SECONDS = 0.45;

/** A tenth of the time is left to a process and its audio processes. */
export function starveProcess(role: string): Fault<FleetSite> {
  return {
    target: 'processor',
    async inject({ fleet }, random) {
      const starved = anyProcess(fleet, role, random);
      if (starved === undefined) return undefined;
      const length = random.between(5, 15);
      const ended = starved.exited.then(() => true);
      let over = false;
      for (let passed = 0; passed < length && !over; passed += TURN_SECONDS + STARVED_SECONDS) {
        const pids = [starved.pid, ...starved.poolMembers()];
        for (const pid of pids) tell(pid, 'SIGSTOP');
        await seconds(STARVED_SECONDS);
        for (const pid of pids) tell(pid, 'SIGCONT');
        over = await Promise.race([seconds(TURN_SECONDS).then(() => false), ended]);
      }
      return `${role} ${starved.pid} for ${length} s`;
    },
  };
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Another fault has ended it.
  }
}

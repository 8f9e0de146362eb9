import type { Fleet } from '../fleet.js';
import type { KillPoint } from '../kill-points.js';
import type { Random } from '../random.js';
import type { Servers } from '../servers.js';

/** What a fault may lay its hands on. */
export interface FaultSite {
  fleet: Fleet;
  servers: Servers;
  visibilityTimeoutSeconds: number;
  /** Log lines after which workers may be killed. */
  killPoints: readonly KillPoint[];
  /** Sends messages of sound recordings once more; resolves to how many. */
  sendAgain(random: Random): Promise<number>;
  /** Inserts rows that were held back until now, most of them behind the watermark; resolves to how many. */
  insertLateRows(): Promise<number>;
  /** False when it does not run just now. */
  terminateDiscovery(): Promise<boolean>;
  /** Starts another discovery of the same date, under another id; false while an earlier one runs. */
  startSecondDiscovery(): Promise<boolean>;
}

/** One kind of fault. */
export interface Fault {
  /** Faults of one target never overlap; undefined overlaps with anything. */
  target?: string;
  /** Does it, waits until it is over, and says in a few words what it did; undefined when there was nothing to do. */
  inject(site: FaultSite, random: Random): Promise<string | undefined>;
}

export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

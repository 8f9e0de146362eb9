import type { FleetSite, LinkSite } from '../../faults/fault.js';
import type { Random } from '../../random.js';
import type { KillPoint } from '../kill-points.js';
import type { Dependency, Servers } from '../servers.js';

/** What a fault of recordings may lay its hands on. */
export interface RecordingsSite extends FleetSite, LinkSite<Dependency> {
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

import type { Fleet } from '../fleet.js';
import type { Link } from '../link.js';
import type { Random } from '../random.js';

/** One kind of fault; `Site` is what it may lay its hands on. */
export interface Fault<Site> {
  /** Faults of one target never overlap; undefined overlaps with anything. */
  target?: string;
  /** Does it, waits until it is over, and says in a few words what it did; undefined when there was nothing to do. */
  inject(site: Site, random: Random): Promise<string | undefined>;
}

/** Processes of ours. */
export interface FleetSite {
  fleet: Fleet;
}

/** Ways to what the processes depend on. */
export interface LinkSite<Dependency extends string> {
  links: Readonly<Record<Dependency, Pick<Link, 'cut' | 'blackHole' | 'slow' | 'heal'>>>;
}

/** Servers that keep their data when they are killed. */
export interface ServerSite<Server extends string> {
  servers: { killAndRestart(server: Server, downMs: number): Promise<void> };
}

export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

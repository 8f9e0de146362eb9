import type { Environment } from '../stack/folders.js';

/** What any pipeline's arena is made of. */
export interface BaseArenaOptions {
  /** Keeps arenas on the same servers apart. @default chaos */
  name?: string;
  /** Pieces of work. */
  records: number;
  seed: number;
  workers: number;
  /** Deliveries before a message becomes a dead-letter message. */
  maxReceiveCount: number;
  /** Compiled processes to run. */
  distFolder: string;
  /** Settings of the processes that this run needs otherwise. */
  settings: Readonly<Record<string, string>>;
  /** Servers' data and logs. */
  folder: string;
  environment: Environment;
}

/** What any pipeline's run under fire is told. */
export interface BaseRunOptions<Kind extends string> extends BaseArenaOptions {
  command: string;
  kinds: readonly Kind[];
  /** Faults begin within this; the run then goes on until everything has ended. */
  minutes: number;
  /** Faults go on beyond this until so much was killed. */
  leastKills: number;
  gapSeconds: number;
  log: (line: string) => void;
}

import type { Environment } from './folders.js';
import type { Log } from './install-methods.js';

export interface PartOptions {
  /** Where the part keeps data and logs; exists. */
  folder: string;
  environment: Environment;
  log: Log;
  /** Take the ports that people know a server by, where they are free. */
  usualPorts?: boolean | undefined;
}

/** One server of the stack, answering. */
export interface StackPart<Endpoints> {
  /** Which of the ways it came by, for people. */
  how: string;
  endpoints: Endpoints;
  /** Process group of the server, where it is ours: what a test kills. */
  groupId?: number;
  /** Resolves when it is gone; does nothing for a server that we did not start. */
  stop: () => Promise<void>;
}

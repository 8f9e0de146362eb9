import type { Log } from '../stack/install-methods.js';

/** A stack that somebody looks at, until Ctrl-C. */
export interface ServedStack {
  /** For `.stack.env`: what workers and commands need. */
  env: Readonly<Record<string, string>>;
  /** What is where; a row without an address is left out. */
  rows: readonly (readonly [name: string, where: string | undefined])[];
  /** How each server was come by. */
  how: Readonly<Record<string, string>>;
  /** What to do with it. */
  hint: string;
  /** Ends every server. */
  stop: () => Promise<void>;
}

export interface ServeOptions {
  folder: string;
  log: Log;
}

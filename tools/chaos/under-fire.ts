import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { INTERRUPTED_EXIT_CODE, stopSignal } from '../demo/stop-signal.js';
import { cacheFolder, type Environment } from '../stack/folders.js';

/** What a run has started so far, so that it can be ended at any time. */
export interface Held {
  arena?: { close(): Promise<void> };
  injector?: { stop(): void };
}

/** Ends what a run has started; its servers stay. */
export async function endRun({ injector, arena }: Held): Promise<void> {
  injector?.stop();
  await arena?.close();
}

/** Where a run takes place. */
export interface Ground<Servers> {
  servers: Servers;
  held: Held;
  /** Servers' data and all logs. */
  folder: string;
  environment: Environment;
  log: (line: string) => void;
}

/** What a run has shown. */
export interface Shown {
  /** For the terminal. */
  lines: readonly string[];
  report: unknown;
  markdown: string;
  isSound: boolean;
}

/** Options that every command under fire takes. */
export interface UnderFireArguments {
  json?: string;
  markdown?: string;
  folder?: string;
}

export interface UnderFire<Servers> {
  /** Of the folder in the cache where the servers' data goes. */
  name: string;
  startServers: (folder: string, environment: Environment) => Promise<Servers>;
  run: (ground: Ground<Servers>) => Promise<Shown>;
}

/**
 * Starts servers, runs on them, writes down what was shown, and ends everything, also when interrupted; the folder with
 * the logs is kept unless all was sound. Ends the process: with 0 only when all was sound.
 */
export function commandUnderFire<Servers extends { stop(): Promise<void> }>(
  args: UnderFireArguments,
  command: UnderFire<Servers>,
): void {
  runUnderFire(args, command).then(
    (exitCode) => process.exit(exitCode),
    (error: unknown) => {
      console.error(error instanceof Error ? error.stack : error);
      process.exit(1);
    },
  );
}

async function runUnderFire<Servers extends { stop(): Promise<void> }>(
  args: UnderFireArguments,
  { name, startServers, run }: UnderFire<Servers>,
): Promise<number> {
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const stopped = stopSignal();
  const environment: Environment = process.env;
  const folder = resolve(args.folder ?? join(cacheFolder(environment), `${name}-${process.pid}`));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const log = (line: string): void => console.log(line);
  const held: Held = {};
  const servers = await startServers(folder, environment);
  let exitCode = INTERRUPTED_EXIT_CODE;
  try {
    const shown = await Promise.race([run({ servers, held, folder, environment, log }), stopped]);
    if (shown !== 'stop') {
      for (const line of shown.lines) log(line);
      if (args.json !== undefined) {
        writeFileSync(resolve(args.json), `${JSON.stringify(shown.report, null, 2)}\n`);
      }
      if (args.markdown !== undefined) writeFileSync(resolve(args.markdown), shown.markdown);
      exitCode = shown.isSound ? 0 : 1;
    }
  } finally {
    await endRun(held);
    await servers.stop();
    if (exitCode === 0) rmSync(folder, { recursive: true, force: true });
    else log(`Logs: ${folder}`);
  }
  return exitCode;
}

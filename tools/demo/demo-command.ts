import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectRoot, type Environment } from '../stack/folders.js';
import { claimStackEnvFile } from '../stack/stack-env-file.js';
import { demoFolder } from './demo-folder.js';
import { INTERRUPTED_EXIT_CODE, stopSignal } from './stop-signal.js';

/** A demo whose servers and processes run. */
export interface StartedDemo<Summary> {
  /** Tells commands where it is. */
  env: Readonly<Record<string, string>>;
  run(): Promise<Summary>;
  stop(): Promise<void>;
}

export interface DemoCommand<Summary> {
  /** As `vachan` and `PIPELINES` have it. */
  pipeline: string;
  /** What is started, for a line of its own. */
  servers: string;
  start: (ground: {
    folder: string;
    environment: Environment;
    log: (line: string) => void;
  }) => Promise<StartedDemo<Summary>>;
  describe: (summary: Summary) => readonly string[];
}

/**
 * Runs a demo to its end, shows and writes down how it went, and ends all that it started, also when interrupted; the
 * logs stay where something differs.
 *
 * @returns the exit code
 */
export async function runDemo<Summary extends { differences: readonly unknown[] }>(
  args: { json?: string; keep: boolean },
  { pipeline, servers, start, describe }: DemoCommand<Summary>,
): Promise<number> {
  const stopped = stopSignal();
  const folder = demoFolder(cacheFolder(process.env));
  const log = (line: string): void => console.log(line);
  log(`Starting ${servers} on this machine…`);
  const demo = await start({ folder, environment: process.env, log });
  let exitCode = INTERRUPTED_EXIT_CODE;
  try {
    const summary = await Promise.race([demo.run(), stopped]);
    if (summary !== 'stop') {
      for (const line of describe(summary)) log(line);
      if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(summary, null, 2)}\n`);
      exitCode = summary.differences.length === 0 ? 0 : 1;
      if (args.keep) await keepUntil(stopped, pipeline, demo.env, log);
    }
  } finally {
    await demo.stop();
    if (exitCode === 0) rmSync(folder, { recursive: true, force: true });
    else log(`Logs: ${folder}`);
  }
  return exitCode;
}

async function keepUntil(
  stopped: Promise<unknown>,
  pipeline: string,
  env: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<void> {
  const envFile = claimStackEnvFile(join(projectRoot(), '.stack.env'));
  try {
    envFile.write({ PIPELINES: pipeline, ...env });
    log(`\nStill running; \`npx vachan ${pipeline}\` finds it through .stack.env. Ctrl-C ends everything.`);
    await stopped;
  } finally {
    envFile.release();
  }
}

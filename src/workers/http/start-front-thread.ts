import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../platform/logging/logger.js';
import type { FromFront, FrontThreadData, ToFront } from './front-thread.js';
import type { AskWorker, HttpFront } from './http-front.js';
import { startLoopPulse } from './loop-pulse.js';

export interface FrontThreadOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  allowedHosts: readonly string[];
  /** SHA-256 of the token that is taken, in hex. */
  tokenDigest?: string | undefined;
  /** Paths that take a POST and nothing else. */
  postPaths?: readonly string[];
  ask: AskWorker;
  log: Pick<Logger, 'warn'>;
}

/** A few connections and the pages they wait for take a tenth of it; what takes more ends the thread, not the worker. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };
const RESTART_AFTER_MS = 1_000;

async function reply(thread: Worker, id: number, asked: ReturnType<AskWorker>): Promise<void> {
  const answer = await asked.catch(() => undefined);
  thread.postMessage({ id, answer } satisfies ToFront);
}

/**
 * Starts {@link startHttpFront} in a thread of its own, and another one whenever it ends: neither a flood of requests nor what the
 * worker itself is busy with keeps a probe from its answer.
 *
 * @throws Error with Node's reason when the address is taken
 */
export async function startFrontThread(options: FrontThreadOptions): Promise<HttpFront> {
  const { ask, log } = options;
  const pulse = startLoopPulse();
  const life = { over: false };
  let thread: Worker;

  const start = async (port: number): Promise<string> => {
    const data: FrontThreadData = {
      host: options.host,
      port,
      allowedHosts: options.allowedHosts,
      tokenDigest: options.tokenDigest,
      postPaths: options.postPaths ?? [],
      beats: pulse.beats,
    };
    const started = new Worker(join(__dirname, 'front-thread.js'), {
      workerData: data,
      // It reads none, and what talks to strangers needs no secrets beside it.
      env: {},
      resourceLimits: HEAP_LIMITS,
    });
    thread = started;
    // An error ends the thread, and the end is dealt with below.
    let reason: Error | undefined;
    started.on('error', (error: Error) => (reason = error));
    return new Promise((resolve, reject) => {
      let listening: string | undefined;
      started.on('message', (said: FromFront) => {
        if (said.kind === 'ask') {
          void reply(started, said.id, ask(said.url, said.question));
        } else if (said.kind === 'listening') {
          listening = said.url;
          resolve(said.url);
        } else {
          reason = new Error(said.reason);
        }
      });
      started.once('exit', () => {
        if (listening === undefined) reject(reason ?? new Error('The HTTP thread ended.'));
        else if (!life.over) void restart(Number(new URL(listening).port), reason);
      });
    });
  };

  const restart = async (port: number, reason: unknown): Promise<void> => {
    let error = reason;
    for (;;) {
      log.warn('http_restarted', {
        ...(error === undefined ? {} : { error }),
        next_try_ms: RESTART_AFTER_MS,
      });
      await delay(RESTART_AFTER_MS, undefined, { ref: false });
      if (life.over) return;
      try {
        await start(port);
        return;
      } catch (failed) {
        error = failed;
      }
    }
  };

  try {
    const url = await start(options.port);
    return {
      url,
      async close() {
        life.over = true;
        pulse.stop();
        await thread.terminate();
      },
    };
  } catch (error) {
    pulse.stop();
    throw error;
  }
}

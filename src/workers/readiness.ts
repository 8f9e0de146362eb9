import { within } from '../platform/time/within.js';

import type { ReadinessCheck } from '../pipelines/pipeline.js';

export interface Readiness {
  ready: boolean;
  /** By check: "ok", or why not, in words without secrets. */
  checks: Record<string, string>;
}

/** Load balancers ask every few seconds; a dependency is asked at most this often. */
const CACHE_MS = 2_000;
/** A check that takes longer than this counts as failed. */
const CHECK_TIMEOUT_MS = 3_000;

/** Asks all checks at once and remembers the answer for two seconds. */
export function createReadiness(checks: readonly ReadinessCheck[]): () => Promise<Readiness> {
  let cached: { at: number; answer: Promise<Readiness> } | undefined;
  return () => {
    if (cached === undefined || performance.now() - cached.at > CACHE_MS) {
      cached = { at: performance.now(), answer: askAll(checks) };
    }
    return cached.answer;
  };
}

async function askAll(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const answers = await Promise.all(checks.map(async ({ name, check }) => [name, await ask(check)] as const));
  return { ready: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) };
}

async function ask(check: () => Promise<void>): Promise<string> {
  try {
    return await within(
      CHECK_TIMEOUT_MS,
      check().then(() => 'ok'),
      () => `no answer within ${CHECK_TIMEOUT_MS} ms`,
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { RecentMap } from '../platform/recent-map.js';
import { wait } from '../platform/time/wait.js';
import { createHeartbeatJudge, DEAD_AFTER_MS } from './heartbeat-judge.js';
import { buildOf, placesOf, type LiveWorker } from './live-worker.js';
import { listPollers } from './task-queue-pollers.js';
import { listHeartbeats, takesHeartbeats, type WorkerHeartbeat } from './worker-heartbeats.js';

/** A server that is upgraded, or told to take heartbeats, is believed so soon. */
const CAPABILITY_KNOWN_FOR_MS = 60_000;
/** Processes of which it is remembered that they send heartbeats. */
const REMEMBERED = 1_000;

const { WorkerStatus } = temporal.api.enums.v1;

/**
 * Which processes work on a task queue, and how sure that is.
 *
 * By `heartbeats`: a death is known within 30 s. By `polls`, on a server that has no heartbeats or from processes that send none:
 * who has died stays listed for up to five minutes.
 */
export interface LiveWorkers {
  alive: LiveWorker[];
  /** Processes whose clock is far off and that have been heard of only once: the next look, after 10 s, knows. */
  unsure: LiveWorker[];
  knownBy: 'heartbeats' | 'polls';
  /** Whether the server takes heartbeats: where it does, polls stand in for the first 10 s of a process. */
  heartbeatsTaken: boolean;
  /** Of those alive whose clocks are off by more than {@link DEAD_AFTER_MS}: how far behind ours, in seconds. */
  clocksBehind: { identity: string; seconds: number }[];
}

/**
 * Answers, whenever it is asked, which processes poll a task queue and are not shutting down. It remembers what it heard before, so
 * keep one and ask it; no clocks of two machines are compared.
 */
export function watchLiveWorkers(
  client: Client,
  taskQueue: string,
  judge = createHeartbeatJudge(),
): () => Promise<LiveWorkers> {
  const hasHeartbeats = rememberCapability(client);
  /** Identities: after an orderly end they are gone from the list of heartbeats, and not yet from the pollers. */
  const heardOf = new RecentMap<true>(REMEMBERED);

  /** @returns undefined where nobody on this queue has been heard of lately */
  const byHeartbeats = async (): Promise<LiveWorkers | undefined> => {
    const askedAtMs = judge.now();
    const heartbeats = await listHeartbeats(client, taskQueue);
    for (const { workerIdentity } of heartbeats) heardOf.set(workerIdentity ?? '', true);
    const judged = judge.judge(
      heartbeats.map((beat) => ({ instance: instanceOf(beat), beatMs: beatMs(beat) })),
      askedAtMs,
    );
    const found: LiveWorkers = {
      alive: [],
      unsure: [],
      knownBy: 'heartbeats',
      heartbeatsTaken: true,
      clocksBehind: [],
    };
    for (const beat of heartbeats) {
      const { verdict, clockBehindMs = 0 } = judged.get(instanceOf(beat)) ?? { verdict: 'dead' };
      if (verdict === 'dead' || beat.status !== WorkerStatus.WORKER_STATUS_RUNNING) continue;
      found[verdict].push({
        instance: instanceOf(beat),
        build: buildOf(beat.deploymentVersion),
        places: placesOf(beat.workerIdentity),
      });
      if (verdict === 'alive' && Math.abs(clockBehindMs) > DEAD_AFTER_MS) {
        const seconds = Math.round(clockBehindMs / 1000);
        found.clocksBehind.push({ identity: beat.workerIdentity ?? '', seconds });
      }
    }
    return heartbeats.length === 0 ? undefined : found;
  };

  return async () => {
    const taken = await hasHeartbeats();
    const heard = taken ? await byHeartbeats() : undefined;
    if (heard !== undefined) return heard;
    // Nobody here sends any. The SDK asks once, when it starts, whether the server takes heartbeats: those who were there before
    // a server was upgraded never send one.
    const alive = (await listPollers(client, taskQueue)).filter(({ instance }) => !heardOf.has(instance));
    return {
      alive,
      unsure: [],
      knownBy: taken && alive.length === 0 ? 'heartbeats' : 'polls',
      heartbeatsTaken: taken,
      clocksBehind: [],
    };
  };
}

/** Who sends heartbeats that far apart is heard of twice in so long. */
const TWO_LOOKS_APART_MS = 12_000;

/**
 * The word of {@link watchLiveWorkers}, for who asks once: it looks a second time where the first cannot tell.
 */
export async function listLiveWorkers(client: Client, taskQueue: string): Promise<LiveWorkers> {
  const look = watchLiveWorkers(client, taskQueue);
  const first = await look();
  if (first.alive.length > 0 || first.unsure.length === 0) return first;
  await wait(TWO_LOOKS_APART_MS);
  return look();
}

const instanceOf = ({ workerInstanceKey, workerIdentity }: WorkerHeartbeat): string =>
  workerInstanceKey ?? workerIdentity ?? '';

function beatMs({ heartbeatTime }: WorkerHeartbeat): number {
  return Number(heartbeatTime?.seconds ?? 0) * 1000 + Math.round((heartbeatTime?.nanos ?? 0) / 1e6);
}

function rememberCapability(client: Client): () => Promise<boolean> {
  let known: { answer: boolean; atMs: number } | undefined;
  return async () => {
    if (known === undefined || performance.now() - known.atMs > CAPABILITY_KNOWN_FOR_MS) {
      known = { answer: await takesHeartbeats(client), atMs: performance.now() };
    }
    return known.answer;
  };
}
